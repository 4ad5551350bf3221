import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import type { RequestFacts } from '../core/handle.ts';
import { listPartition, memberKey, memberListing, memberPrefix } from '../table/list-keys.ts';
import type { Query } from '../table/table.ts';

const Member = z.object({ recordId: z.string(), addedAt: z.string() });
type Member = z.output<typeof Member>;

/** Where a page begins: after a cursor, or before one, which turns the order round. */
export type PageAsked = { readonly after?: string; readonly before?: string; readonly limit: number };
type MemberPage = { readonly members: Member[]; readonly more: boolean };

async function pageOfMembers(app: App, query: Query, limit: number): Promise<MemberPage> {
  const { items, lastKey } = await app.table.query({ ...query, limit: limit + 1 }, Member);
  const members = items.slice(0, limit);
  return { members, more: items.length > limit || (lastKey !== undefined && members.length > 0) };
}

/** A page of a list's members by record id, as they are now. */
export async function membersOf(app: App, listId: string, asked: PageAsked): Promise<MemberPage> {
  checkCursors(asked);
  const { after, before, limit } = asked;
  const at = before ?? after;
  const startAfter = at ? { startAfter: memberKey(listId, at) } : undefined;
  const query = { pk: listPartition(listId), prefix: memberPrefix, descending: before !== undefined, ...startAfter };
  return pageOfMembers(app, query, limit);
}

/** A page of a list's members in the order in which they came, with a lag of the index. Cursors: see `joinCursor`. */
export async function membersByJoin(app: App, listId: string, asked: PageAsked): Promise<MemberPage> {
  checkCursors(asked);
  const at = placeOf(asked.before ?? asked.after);
  const gsi1pk = memberListing(listId);
  const startAfter = at && {
    startAfter: { ...memberKey(listId, at.recordId), gsi1pk, gsi1sk: `${at.addedAt}#${at.recordId}` },
  };
  const query = { pk: gsi1pk, index: 'gsi1' as const, descending: asked.before !== undefined, ...startAfter };
  return pageOfMembers(app, query, asked.limit);
}

const millisDigits = 13;

/** The place of a member in the order of joining: the time in milliseconds, then its id. */
const joinCursor = ({ addedAt, recordId }: Member) =>
  `${String(Date.parse(addedAt)).padStart(millisDigits, '0')}${recordId}`;

function placeOf(cursor: string | undefined): Member | undefined {
  if (!cursor) return undefined;
  const addedAt = new Date(Number(cursor.slice(0, millisDigits))).toISOString();
  return { addedAt, recordId: cursor.slice(millisDigits) };
}

/** The ids of a page of members. */
export async function membersPage(
  app: App,
  listId: string,
  page: { readonly after?: string; readonly limit: number },
): Promise<{ readonly recordIds: string[]; readonly after?: string }> {
  const { members, more } = await membersOf(app, listId, page);
  const last = members.at(-1);
  return { recordIds: members.map(({ recordId }) => recordId), ...(more && last && { after: last.recordId }) };
}

export const MemberCursors = { after: z.optional(z.string()), before: z.optional(z.string()) };

/** @throws CrmError 400 for a cursor that no page of this API has given */
function checkCursors({ after = '', before = '' }: PageAsked): void {
  if (/^\d{0,40}$/.test(after) && /^\d{0,40}$/.test(before)) return;
  throw new CrmError('VALIDATION_ERROR', 'after and before are cursors that a page of this API gave', {
    errors: [{ message: 'is not a cursor of this API', code: 'INVALID_CURSOR', in: 'after' }],
  });
}

const Link = z.string();
export const MemberCollection = z.object({
  results: z.array(z.object({ recordId: z.string(), membershipTimestamp: z.string() })),
  paging: z.optional(
    z.object({
      next: z.optional(z.object({ after: z.string(), link: Link })),
      prev: z.optional(z.object({ before: z.string(), link: Link })),
    }),
  ),
});

/** The body of a page of members; a page that was asked for backwards goes on backwards. */
export function memberCollection(
  { members, more }: MemberPage,
  asked: PageAsked,
  request: Pick<RequestFacts, 'origin' | 'url'>,
  order: 'id' | 'join',
): z.input<typeof MemberCollection> {
  const results = members.map(({ recordId, addedAt }) => ({ recordId, membershipTimestamp: addedAt }));
  const last = members.at(-1);
  if (!more || !last) return { results };
  const cursor = order === 'id' ? last.recordId : joinCursor(last);
  const way = asked.before === undefined ? 'after' : 'before';
  const link = new URL(request.url, request.origin);
  link.searchParams.set(way, cursor);
  const place = { [way]: cursor, link: link.href };
  return { results, paging: { [way === 'after' ? 'next' : 'prev']: place } };
}
