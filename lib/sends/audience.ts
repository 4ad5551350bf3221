import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { membersPage } from '../lists/member-pages.ts';
import { readLists } from '../lists/store.ts';
import { memberKey } from '../table/list-keys.ts';
import { listedRecipients } from './ledger.ts';
import type { Send } from './schema.ts';

/** A place in the audience: which of its parts (lists, then single contacts, then who did not answer), and after which contact. */
export const AudiencePlace = z.object({ source: z.number(), after: z.optional(z.string()) });
export type AudiencePlace = z.output<typeof AudiencePlace>;

type AudiencePage = {
  readonly source: number;
  readonly contactIds: readonly string[];
  /** Where the next page begins; absent at the end. */
  readonly next?: AudiencePlace;
};

type Part =
  | { readonly listId: string }
  | { readonly contactIds: readonly string[] }
  | { readonly notAnsweredOf: string };

const partsOf = ({ listIds, contactIds = [], notAnsweredOf }: Send['audience']): readonly Part[] => [
  ...listIds.map((listId) => ({ listId })),
  ...(contactIds.length > 0 ? [{ contactIds }] : []),
  ...(notAnsweredOf === undefined ? [] : [{ notAnsweredOf }]),
];

/** A page of the audience as it is now, by part and contact id; a contact may come in several parts. */
export async function audiencePage(
  app: App,
  { audience }: Pick<Send, 'audience'>,
  { source, after }: AudiencePlace,
  limit: number,
): Promise<AudiencePage> {
  const parts = partsOf(audience);
  const part = parts[source];
  if (!part) return { source, contactIds: [] };
  const page = await pageOf(app, part, { after, limit });
  const following = source + 1 < parts.length ? { next: { source: source + 1 } } : {};
  return {
    source,
    contactIds: page.contactIds,
    ...(page.after === undefined ? following : { next: { source, after: page.after } }),
  };
}

type From = { readonly after: string | undefined; readonly limit: number };
type PartPage = { readonly contactIds: readonly string[]; readonly after?: string };

async function pageOf(app: App, part: Part, from: From): Promise<PartPage> {
  if ('contactIds' in part) return singleContacts(part.contactIds, from);
  if ('notAnsweredOf' in part) return notAnswered(app, part.notAnsweredOf, from);
  // A list that was deleted meanwhile has no members, though their rows may still lie there.
  if ((await readLists(app, [part.listId])).length === 0) return { contactIds: [] };
  const { after, limit } = from;
  const page = await membersPage(app, part.listId, { ...(after !== undefined && { after }), limit });
  return { contactIds: page.recordIds, ...(page.after !== undefined && { after: page.after }) };
}

function singleContacts(ids: readonly string[], { after, limit }: From): PartPage {
  const rest = [...new Set(ids)].sort().filter((id) => after === undefined || id > after);
  const contactIds = rest.slice(0, limit);
  const last = contactIds.at(-1);
  return { contactIds, ...(rest.length > limit && last && { after: last }) };
}

/** Those to whom a send's mail went and who have not answered. */
async function notAnswered(app: App, sendId: string, from: From): Promise<PartPage> {
  const { rows, more } = await listedRecipients(app, sendId, 'ACCEPTED', from);
  const last = rows.at(-1);
  return {
    contactIds: rows.filter(isOpen).map(({ contactId }) => contactId),
    ...(more && last && { after: last.contactId }),
  };
}

const isOpen = ({ answeredAt, bouncedAt }: { answeredAt?: string | undefined; bouncedAt?: string | undefined }) =>
  answeredAt === undefined && bouncedAt === undefined;

/** Which of the contacts of a part stand in an earlier part, too: these get their mail by that one. */
export async function inEarlierParts(
  app: App,
  { audience }: Pick<Send, 'audience'>,
  source: number,
  contactIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const earlier = partsOf(audience).slice(0, source);
  const lists = earlier.flatMap((part) => ('listId' in part ? [part.listId] : []));
  const named = new Set(earlier.flatMap((part) => ('contactIds' in part ? part.contactIds : [])));
  const members = await membersAmong(app, lists, contactIds);
  return new Set(contactIds.filter((id) => named.has(id) || members.has(id)));
}

const MemberRow = z.object({ recordId: z.string() });

/** Which of the contacts are members of any of the lists. */
export async function membersAmong(
  app: App,
  listIds: readonly string[],
  contactIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const keys = listIds.flatMap((listId) => contactIds.map((id) => memberKey(listId, id)));
  return new Set((await app.table.getMany(keys, MemberRow)).map(({ recordId }) => recordId));
}
