import * as z from 'zod/mini';
import { ListMemberAdded, ListMemberRemoved } from '../../events/list.ts';
import { type App, envelopeOf } from '../core/app.ts';
import { alive, present } from '../table/conditions.ts';
import { loggedSteps } from '../table/event-log.ts';
import { commitGroups } from '../table/groups.ts';
import { recordKey } from '../table/keys.ts';
import { listKey, memberKey, memberListing, membershipKey, membershipPrefix } from '../table/list-keys.ts';
import { AlreadyDone, PreconditionFailed } from '../table/once.ts';
import { alsoStep, onceStep, orStale, type Step } from '../table/steps.ts';
import { listNotFound, wrongType } from './errors.ts';
import type { MembershipsUpdate, StoredList } from './schema.ts';
import { readLists } from './store.ts';

export const Membership = z.object({ listId: z.string(), addedAt: z.string() });
export type Membership = z.output<typeof Membership>;

/** Record ids are numbers: what is none has no record, and might be too long for a key. */
const isId = (id: string) => /^\d{1,20}$/.test(id);

/**
 * As `changeMembers`, for the lists that people fill.
 * @throws CrmError 400 for a list that follows its filters
 */
export function changeByHand(app: App, list: StoredList, change: MemberChange): Promise<MembershipsUpdate> {
  refuseDynamic(list);
  return changeMembers(app, list, change);
}

export function refuseDynamic({ processingType, listId }: StoredList): void {
  if (processingType !== 'DYNAMIC') return;
  throw wrongType(`List ${listId} is DYNAMIC: its members follow its filters and cannot be edited`, listId);
}

type MemberChange = { readonly add: readonly string[]; readonly remove: readonly string[] };

/**
 * Puts records into a list and takes others out, each with its event, all or nothing for each record. Who is in it already, or was not,
 * is left out of the answer; ids without a record of the list's type are `recordIdsMissing`. Safe to repeat.
 * @throws CrmError 404 when the list was deleted meanwhile
 */
export async function changeMembers(
  app: App,
  list: StoredList,
  { add, remove }: MemberChange,
): Promise<MembershipsUpdate> {
  const asked = [...new Set(add)];
  const added = asked.filter(isId);
  const removed = [...new Set(remove)].filter((id) => isId(id) && !asked.includes(id));
  const there = standing(list);
  const outcomes = await commitGroups(app.table, [
    ...added.map((id) => [there, ...addSteps(app, list, id)]),
    ...removed.map((id) => [there, ...removeSteps(app, list, id)]),
  ]);
  const unexpected = outcomes.find(
    (error) => error && !(error instanceof AlreadyDone) && !(error instanceof PreconditionFailed),
  );
  if (unexpected) throw unexpected;
  const missing = new Set(added.filter((_, position) => outcomes[position] instanceof PreconditionFailed));
  return {
    recordsIdsAdded: added.filter((_, position) => outcomes[position] === undefined),
    recordIdsRemoved: removed.filter((_, position) => outcomes[added.length + position] === undefined),
    recordIdsMissing: asked.filter((id) => !isId(id) || missing.has(id)),
  };
}

type ListRef = Pick<StoredList, 'listId' | 'objectTypeId'>;

/** Nobody comes into a list, or leaves it, after it was deleted. */
const standing = ({ listId }: StoredList): Step => ({
  write: {
    check: listKey(listId),
    when: {
      expression: 'attribute_exists(#c_pk) AND attribute_not_exists(#c_deleted)',
      names: { '#c_pk': 'pk', '#c_deleted': 'deletedAt' },
      values: {},
    },
  },
  refused: () => listNotFound(listId),
});

/**
 * What puts a record into a list: refused as AlreadyDone for a member, as PreconditionFailed without a record that is alive. `quiet`:
 * no flow begins by it.
 */
export function addSteps(
  app: App,
  { listId, objectTypeId }: ListRef,
  recordId: string,
  { quiet = false } = {},
): Step[] {
  const record = { objectType: objectTypeId, id: recordId };
  const addedAt = app.now();
  const listed = { gsi1pk: memberListing(listId), gsi1sk: `${addedAt}#${recordId}` };
  return [
    onceStep({ ...memberKey(listId, recordId), ...listed, entity: 'member', recordId, addedAt }),
    orStale({ put: { ...membershipKey(record, listId), entity: 'membership', listId, addedAt } }),
    alsoStep({ check: recordKey(record), when: alive }),
    ...loggedSteps(ListMemberAdded.of({ ...envelopeOf(app, record), listId, ...(quiet && { quiet }) })),
  ];
}

/** What takes a record out of a list: refused as PreconditionFailed when it is not a member. */
export function removeSteps(app: App, { listId, objectTypeId }: ListRef, recordId: string): Step[] {
  const record = { objectType: objectTypeId, id: recordId };
  return [
    alsoStep({ remove: memberKey(listId, recordId), when: present }),
    orStale({ remove: membershipKey(record, listId) }),
    ...loggedSteps(ListMemberRemoved.of({ ...envelopeOf(app, record), listId })),
  ];
}

/** The lists that a record is in, as they are now; lists that were deleted may be among them. */
export const membershipsOf = (
  app: App,
  record: { readonly objectType: string; readonly id: string },
): Promise<Membership[]> => app.table.all({ pk: membershipKey(record, '').pk, prefix: membershipPrefix }, Membership);

/** The lists that a record is in, with the time at which it came into each. */
export async function listsOfRecord(app: App, objectTypeId: string, recordId: string) {
  const memberships = await membershipsOf(app, { objectType: objectTypeId, id: recordId });
  const added = new Map(memberships.map(({ listId, addedAt }) => [listId, addedAt]));
  const found = await readLists(app, [...added.keys()]);
  return found.map(({ listId, listVersion, createdAt }) => {
    const addedAt = added.get(listId) ?? createdAt;
    return { listId, listVersion, isPublicList: true, firstAddedTimestamp: addedAt, lastAddedTimestamp: addedAt };
  });
}
