import { createHash } from 'node:crypto';
import type { App } from '../core/app.ts';
import { isAddress } from '../mail/address.ts';
import { normaliseEmail } from '../objects/email-address.ts';
import { CrmRecord } from '../objects/record.ts';
import { barriersOf } from '../subscriptions/store.ts';
import { inParallel } from '../table/in-parallel.ts';
import { recordKey } from '../table/keys.ts';
import { membersAmong } from './audience.ts';
import type { Content } from './content.ts';
import type { Exclusion } from './exclusion-reasons.ts';
import { type Held, heldBack } from './fatigue.ts';
import type { FatigueRule } from './fatigue-rules.ts';
import { localMoment, zoneOf } from './local-time.ts';
import type { MailKind } from './recipient.ts';
import type { Send } from './schema.ts';
import { survivorOf } from './survivor.ts';

/** Who gets a mail of a send: at which address, by whose clocks, and not before when. */
export type Chosen = {
  readonly contactId: string;
  readonly email: string;
  readonly kind: MailKind;
  readonly zone?: string;
  readonly notBefore?: string;
};

/** Who gets none, and why: `until` when the reason passes with time, `tokens` that the mail would have left empty. */
export type Excluded = {
  readonly contactId: string;
  readonly reason: Exclusion;
  readonly rule?: FatigueRule;
  readonly until?: string;
  readonly tokens?: readonly string[];
};

export type Screened = { readonly chosen: readonly Chosen[]; readonly excluded: readonly Excluded[] };

type What = { readonly send: Send; readonly content: Content };
type Person = { readonly contact: CrmRecord; readonly email: string };

const composedAtOnce = 5;

/** Who of a page gets the mail, and why the others do not. A contact that was merged stands for the one that it was merged into. */
export async function screen(app: App, { send, content }: What, contactIds: readonly string[]): Promise<Screened> {
  const excluded: Excluded[] = [];
  const contacts = await contactsOf(app, contactIds, excluded);
  const reachable = await reachableOf(app, send, contacts, excluded);
  const drawn = leave(reachable, excluded, ({ contact }) =>
    isSampled(send, contact.id) ? undefined : { reason: 'NOT_SAMPLED' },
  );
  const ids = drawn.map(({ contact }) => contact.id);
  const { id: sendId, about, cooldownDays } = send;
  const held = await heldBack(app, content.kind, ids, { sendId, about, cooldownDays });
  const willing = leave(drawn, excluded, ({ contact }) => asExclusion(held.get(contact.id)));
  const missing = await missingTokens(content, willing);
  const people = leave(willing, excluded, ({ contact }) => missing.get(contact.id));
  return { chosen: people.map((person) => chosen(send, content.kind, person)), excluded };
}

type Why = Omit<Excluded, 'contactId'>;

/** Those without a reason to be left out; the others are noted with theirs. */
function leave(
  people: readonly Person[],
  excluded: Excluded[],
  why: (person: Person) => Why | undefined,
): readonly Person[] {
  return people.filter((person) => {
    const reason = why(person);
    if (reason) excluded.push({ contactId: person.contact.id, ...reason });
    return reason === undefined;
  });
}

const asExclusion = (held: Held | undefined): Why | undefined => held && { ...held };

async function contactsOf(
  app: App,
  contactIds: readonly string[],
  excluded: Excluded[],
): Promise<readonly CrmRecord[]> {
  const keys = contactIds.map((id) => recordKey({ objectType: '0-1', id }));
  const stored = new Map((await app.table.getMany(keys, CrmRecord)).map((contact) => [contact.id, contact]));
  const living = new Map<string, CrmRecord>();
  for (const id of contactIds) {
    const found = stored.get(id);
    const contact = found?.mergedInto === undefined ? found : await survivorOf(app, found.mergedInto);
    if (contact && contact.archivedAt === undefined) living.set(contact.id, contact);
    else excluded.push({ contactId: id, reason: 'NO_CONTACT' });
  }
  return [...living.values()];
}

/** Those with an address to which mail of this kind may go, without the members of excluded lists. */
async function reachableOf(
  app: App,
  { audience, subscriptionTypeId }: Send,
  contacts: readonly CrmRecord[],
  excluded: Excluded[],
): Promise<readonly Person[]> {
  const people = contacts.map((contact) => ({ contact, email: addressIn(contact.properties.email) ?? '' }));
  const addresses = people.flatMap(({ email }) => email || []);
  const [barriers, inExcluded] = await Promise.all([
    barriersOf(app, subscriptionTypeId, addresses),
    membersAmong(
      app,
      audience.excludeListIds ?? [],
      contacts.map(({ id }) => id),
    ),
  ]);
  return leave(people, excluded, ({ contact, email }) => {
    if (inExcluded.has(contact.id)) return { reason: 'EXCLUDED_LIST' };
    if (email === '') return { reason: 'NO_ADDRESS' };
    const barrier = barriers.get(email);
    return barrier && { reason: barrier };
  });
}

/** The address as mail goes to it; a property may hold what SES takes for none. */
function addressIn(property: string | undefined): string | undefined {
  const email = normaliseEmail(property ?? '');
  return isAddress(email) ? email : undefined;
}

/** Drawn by contact and send, so that the same people are drawn whenever it is asked; the parts of an A/B test share one draw. */
function isSampled({ id, sampling, part }: Pick<Send, 'id' | 'sampling' | 'part'>, contactId: string): boolean {
  if (part && drawn(part.testId, contactId) < part.share !== (part.of === 'B')) return false;
  return !sampling || drawn(id, contactId) < sampling.fraction;
}

const drawn = (what: string, contactId: string): number =>
  createHash('sha256').update(`${what}#${contactId}`).digest().readUInt32BE(0) / 2 ** 32;

async function missingTokens(content: Content, people: readonly Person[]): Promise<ReadonlyMap<string, Why>> {
  const { missingFor } = await content.prepare(people.map(({ contact }) => contact));
  const found = await inParallel(people, composedAtOnce, async ({ contact }): Promise<[string, Why][]> => {
    const tokens = await missingFor(contact);
    return tokens.length === 0 ? [] : [[contact.id, { reason: 'MISSING_TOKEN', tokens }]];
  });
  return new Map(found.flat());
}

function chosen({ localTime, businessHours, timeZone }: Send, kind: MailKind, { contact, email }: Person): Chosen {
  const person = { contactId: contact.id, email, kind };
  if (timeZone !== 'recipient') return { ...person, ...(businessHours && timeZone && { zone: timeZone }) };
  const zone = zoneOf(contact.properties.hs_timezone);
  return { ...person, zone, ...(localTime !== undefined && { notBefore: localMoment(localTime, zone) }) };
}
