import * as z from 'zod/mini';
import { ListMemberAdded, ListMemberRemoved } from '../../events/list.ts';
import { type App, envelopeOf } from '../core/app.ts';
import { alive, present } from '../table/conditions.ts';
import { loggedSteps } from '../table/event-log.ts';
import { commitGroups } from '../table/groups.ts';
import { memberKey, membershipKey, membershipPrefix, recordKey } from '../table/keys.ts';
import { AlreadyDone, PreconditionFailed } from '../table/once.ts';
import { alsoStep, onceStep, orStale, type Step } from '../table/steps.ts';
import type { MembershipsUpdate, StoredList } from './schema.ts';

export const Membership = z.object({ listId: z.string(), addedAt: z.string() });
export type Membership = z.output<typeof Membership>;

/**
 * Puts records into a list and takes others out, each with its event, all or nothing for each record. Who is in it already, or was not,
 * is left out of the answer; ids without a record are `recordIdsMissing`. Safe to repeat.
 */
export async function changeMembers(
  app: App,
  list: StoredList,
  { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
): Promise<MembershipsUpdate> {
  const added = [...new Set(add)];
  const removed = [...new Set(remove)].filter((id) => !added.includes(id));
  const outcomes = await commitGroups(app.table, [
    ...added.map((id) => addSteps(app, list, id)),
    ...removed.map((id) => removeSteps(app, list, id)),
  ]);
  const unexpected = outcomes.find(
    (error) => error && !(error instanceof AlreadyDone) && !(error instanceof PreconditionFailed),
  );
  if (unexpected) throw unexpected;
  return {
    recordsIdsAdded: added.filter((_, position) => outcomes[position] === undefined),
    recordIdsRemoved: removed.filter((_, position) => outcomes[added.length + position] === undefined),
    recordIdsMissing: added.filter((_, position) => outcomes[position] instanceof PreconditionFailed),
  };
}

type ListRef = Pick<StoredList, 'listId' | 'objectTypeId'>;

/** The writes that put a record into a list; `AlreadyDone` when it is in it, `PreconditionFailed` when it does not live. */
export function addSteps(app: App, { listId, objectTypeId }: ListRef, recordId: string): Step[] {
  const record = { objectType: objectTypeId, id: recordId };
  const addedAt = app.now();
  return [
    onceStep({ ...memberKey(listId, recordId), entity: 'member', recordId, addedAt }),
    orStale({ put: { ...membershipKey(record, listId), entity: 'membership', listId, addedAt } }),
    alsoStep({ check: recordKey(record), when: alive }),
    ...loggedSteps(ListMemberAdded.of({ ...envelopeOf(app, record), listId })),
  ];
}

/** The writes that take a record out of a list; `PreconditionFailed` when it is not in it. */
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
