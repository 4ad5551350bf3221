import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { inParallel } from '../table/in-parallel.ts';
import { recipientKey, recipientPrefix } from '../table/keys.ts';
import { otherMailListing } from '../table/send-keys.ts';
import { advertisersOf, associatedWith, surveysOf } from './advertisers.ts';
import { type Fatigue, fatigueBy, limitedUntil, type Mailed } from './fatigue-rules.ts';
import { type MailKind, Recipient } from './recipient.ts';
import type { Send } from './schema.ts';
import { type FatiguePolicy, mailSettings } from './settings.ts';

const readsAtOnce = 10;
/** The newest mails of a contact that are looked at. Who got more within the days that count is beyond any limit. */
const newestLookedAt = 200;

/** The mail that is asked about, when it stands in the ledger or will: it does not count itself, nor what came after it. */
type Asked = {
  readonly sendId?: string;
  /** When the contacts came into the ledger, by contact; absent for those who are not there yet. */
  readonly since?: ReadonlyMap<string, string>;
  readonly about?: Send['about'];
  readonly cooldownDays?: number | undefined;
};

/** `FATIGUE` by the policy, `FREQUENCY` by the send's own cooldown. */
export type Held = Fatigue | { readonly reason: 'FREQUENCY'; readonly until: string };

/**
 * Who of the contacts must not get a mail of this kind now, by the fatigue policy, and until when. Counts mails of sends (but for those that
 * were cancelled or failed) and of flows. Reads nothing but the policy when it limits nothing; otherwise up to four queries a contact.
 * Two sends that reach a person within the same second may both pass the limits per person; the one per advertiser is exact.
 */
export async function fatigueOf(
  app: App,
  kind: MailKind,
  contacts: readonly { readonly id: string }[],
): Promise<ReadonlyMap<string, Fatigue>> {
  const held = await heldBack(
    app,
    kind,
    contacts.map(({ id }) => id),
    {},
  );
  return held as ReadonlyMap<string, Fatigue>;
}

/** The same for a mail of a send, with the send's own cooldown. */
export async function heldBack(
  app: App,
  kind: MailKind,
  contactIds: readonly string[],
  asked: Asked,
): Promise<ReadonlyMap<string, Held>> {
  const { fatigue: policy } = await mailSettings(app);
  const [mails, tickets, advertisers] = await Promise.all([
    needsMails(policy, kind, asked) ? mailsOf(app, contactIds, asked, policy) : new Map<string, Mailed[]>(),
    openTickets(app, contactIds, policy),
    advertiserTimes(app, contactIds, { policy, kind, asked }),
  ]);
  const now = app.now();
  const found = contactIds.flatMap((id): [string, Held][] => {
    const borne = {
      mails: mails.get(id) ?? [],
      hasOpenTicket: tickets.has(id),
      advertisers: advertisers.get(id) ?? [],
    };
    const held = coolingDown(borne.mails, asked.cooldownDays, now) ?? fatigueBy(policy, kind, borne, now);
    return held ? [[id, held]] : [];
  });
  return new Map(found);
}

const needsMails = ({ perPerson, mailsPerWeek }: FatiguePolicy, kind: MailKind, { cooldownDays }: Asked) =>
  cooldownDays !== undefined || mailsPerWeek !== undefined || (kind === 'SURVEY' && perPerson !== undefined);

function coolingDown(mails: readonly Mailed[], days: number | undefined, now: string): Held | undefined {
  if (days === undefined) return undefined;
  const times = mails.flatMap(({ at, bulk }) => (bulk ? [at] : []));
  const until = limitedUntil(times, { most: 1, days }, now);
  return until === undefined ? undefined : { reason: 'FREQUENCY', until };
}

/** What each contact got, or has coming: by sends, and by flows where the policy counts these. */
async function mailsOf(
  app: App,
  contactIds: readonly string[],
  asked: Asked,
  { mailsPerWeek }: FatiguePolicy,
): Promise<ReadonlyMap<string, Mailed[]>> {
  const all = await inParallel(contactIds, readsAtOnce, async (id): Promise<[string, Mailed[]]> => {
    const [bulk, other] = await Promise.all([
      bulkMailsOf(app, id, asked),
      mailsPerWeek === undefined ? [] : otherMailsOf(app, id),
    ]);
    return [id, [...bulk, ...other]];
  });
  return new Map(all);
}

async function bulkMailsOf(app: App, contactId: string, { sendId, since }: Asked): Promise<Mailed[]> {
  const { pk } = recipientKey(contactId, '');
  const query = { pk, prefix: recipientPrefix, limit: newestLookedAt, descending: true };
  const { items } = await app.table.query(query, Recipient);
  const mine = since?.get(contactId);
  // Of two mails that are both waiting, the one that came into the ledger first goes.
  const comesLater = (row: Recipient) => row.state === 'PENDING' && mine !== undefined && row.createdAt > mine;
  return items.flatMap((row) => {
    const counts = row.sendId !== sendId && row.state !== 'CANCELLED' && row.state !== 'FAILED' && !comesLater(row);
    return counts ? [{ kind: row.kind ?? 'SURVEY', at: row.sentAt ?? row.createdAt, bulk: true }] : [];
  });
}

const OtherMail = z.object({ state: z.string(), createdAt: z.string() });

async function otherMailsOf(app: App, contactId: string): Promise<Mailed[]> {
  const query = { pk: otherMailListing(contactId), index: 'gsi1', descending: true, limit: newestLookedAt } as const;
  const { items } = await app.table.query(query, OtherMail);
  return items.flatMap(({ state, createdAt }) =>
    state === 'FAILED' ? [] : [{ kind: 'MARKETING' as const, at: createdAt, bulk: false }],
  );
}

async function openTickets(
  app: App,
  contactIds: readonly string[],
  { holdWhileTicketOpenIn }: FatiguePolicy,
): Promise<ReadonlySet<string>> {
  if (holdWhileTicketOpenIn.length === 0) return new Set();
  const tickets = await associatedWith(app, contactIds, '0-5');
  const isOpen = (values: Readonly<Record<string, string>>) =>
    values.hs_is_closed !== 'true' && holdWhileTicketOpenIn.includes(values.hs_pipeline ?? '');
  const held = [...tickets].filter(([, records]) => records.some(({ properties }) => isOpen(properties)));
  return new Set(held.map(([id]) => id));
}

/** When surveys went to people of each contact's advertisers. A mail that stands in the ledger has taken its place already. */
async function advertiserTimes(
  app: App,
  contactIds: readonly string[],
  { policy, kind, asked }: { policy: FatiguePolicy; kind: MailKind; asked: Asked },
): Promise<ReadonlyMap<string, readonly (readonly string[])[]>> {
  if (kind !== 'SURVEY' || !policy.perAdvertiser || asked.since) return new Map();
  const advertisers = await advertisersOf(app, contactIds, asked.about);
  const surveys = await surveysOf(app, [...advertisers.values()].flat());
  const timesOf = (id: string) => (surveys.get(id)?.marks ?? []).map(({ at }) => at);
  return new Map([...advertisers].map(([contactId, ids]) => [contactId, ids.map(timesOf)]));
}
