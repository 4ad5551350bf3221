import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { membersPage } from '../lists/member-pages.ts';
import { readLists } from '../lists/store.ts';
import { isAddress } from '../mail/address.ts';
import { normaliseEmail } from '../objects/email-address.ts';
import { CrmRecord } from '../objects/record.ts';
import { barriersOf } from '../subscriptions/store.ts';
import { inParallel } from '../table/in-parallel.ts';
import { recipientKey, recipientPrefix, recordKey } from '../table/keys.ts';
import { memberKey } from '../table/list-keys.ts';
import { Recipient } from './recipient.ts';
import type { Exclusion, Send } from './schema.ts';

/** A place in the audience: which of its parts (lists first, then single contacts), and after which contact. */
export const AudiencePlace = z.object({ source: z.number(), after: z.optional(z.string()) });
export type AudiencePlace = z.output<typeof AudiencePlace>;

type AudiencePage = {
  readonly source: number;
  readonly contactIds: readonly string[];
  /** Where the next page begins; absent at the end. */
  readonly next?: AudiencePlace;
};

/** A page of the audience as it is now, by part and contact id; a contact may come in several parts. */
export async function audiencePage(
  app: App,
  { audience }: Send,
  { source, after }: AudiencePlace,
  limit: number,
): Promise<AudiencePage> {
  const listId = audience.listIds[source];
  const parts = audience.listIds.length + ((audience.contactIds ?? []).length > 0 ? 1 : 0);
  const following = source + 1 < parts ? { next: { source: source + 1 } } : {};
  if (listId === undefined) return singleContacts(audience.contactIds ?? [], { source, after }, limit);
  // A list that was deleted meanwhile has no members, though their rows may still lie there.
  if ((await readLists(app, [listId])).length === 0) return { source, contactIds: [], ...following };
  const page = await membersPage(app, listId, { ...(after !== undefined && { after }), limit });
  const next = page.after === undefined ? following : { next: { source, after: page.after } };
  return { source, contactIds: page.recordIds, ...next };
}

function singleContacts(
  ids: readonly string[],
  { source, after }: { readonly source: number; readonly after: string | undefined },
  limit: number,
): AudiencePage {
  const rest = [...new Set(ids)].sort().filter((id) => after === undefined || id > after);
  const contactIds = rest.slice(0, limit);
  const last = contactIds.at(-1);
  return { source, contactIds, ...(rest.length > limit && last && { next: { source, after: last } }) };
}

export type Screened = {
  readonly chosen: readonly { readonly contactId: string; readonly email: string }[];
  readonly excluded: readonly Exclusion[];
};

const readsAtOnce = 10;

/** Who of a page gets the mail, at which address, and why the others do not. */
export async function screen(app: App, send: Send, contactIds: readonly string[]): Promise<Screened> {
  const contacts = new Map(
    (
      await app.table.getMany(
        contactIds.map((id) => recordKey({ objectType: '0-1', id })),
        CrmRecord,
      )
    ).map((contact) => [contact.id, contact]),
  );
  const addresses = [...contacts.values()].flatMap(({ properties }) => addressIn(properties.email) ?? []);
  const [barriers, inExcluded, recent] = await Promise.all([
    barriersOf(app, send.subscriptionTypeId, addresses),
    excludedBy(app, send, contactIds),
    recentlyMailed(app, send, contactIds),
  ]);
  const chosen: { contactId: string; email: string }[] = [];
  const excluded: Exclusion[] = [];
  for (const contactId of contactIds) {
    const contact = contacts.get(contactId);
    const email = contact && addressIn(contact.properties.email);
    const reason: Exclusion | undefined =
      !contact || contact.archivedAt !== undefined
        ? 'NO_CONTACT'
        : inExcluded.has(contactId)
          ? 'EXCLUDED_LIST'
          : !email
            ? 'NO_ADDRESS'
            : (barriers.get(email) ?? (recent.has(contactId) ? 'FREQUENCY' : undefined));
    if (reason) excluded.push(reason);
    else if (email) chosen.push({ contactId, email });
  }
  return { chosen, excluded };
}

/** The address as mail goes to it; a property may hold what SES takes for none. */
function addressIn(property: string | undefined): string | undefined {
  const email = normaliseEmail(property ?? '');
  return isAddress(email) ? email : undefined;
}

const MemberRow = z.object({ recordId: z.string() });

async function excludedBy(app: App, { audience }: Send, contactIds: readonly string[]): Promise<ReadonlySet<string>> {
  const keys = (audience.excludeListIds ?? []).flatMap((listId) => contactIds.map((id) => memberKey(listId, id)));
  return new Set((await app.table.getMany(keys, MemberRow)).map(({ recordId }) => recordId));
}

const dayMs = 86_400_000;

/** Contacts that another send's mail went to, or is on its way to, within the send's cooldown. */
async function recentlyMailed(
  app: App,
  { id, cooldownDays }: Send,
  contactIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (cooldownDays === undefined) return new Set();
  const since = new Date(Date.parse(app.now()) - cooldownDays * dayMs).toISOString();
  const found = await inParallel(contactIds, readsAtOnce, async (contactId) => {
    const rows = await app.table.all({ pk: recipientKey(contactId, '').pk, prefix: recipientPrefix }, Recipient);
    const counts = ({ sendId, state, createdAt }: Recipient) =>
      sendId !== id && createdAt > since && state !== 'CANCELLED' && state !== 'FAILED';
    return rows.some(counts) ? [contactId] : [];
  });
  return new Set(found.flat());
}
