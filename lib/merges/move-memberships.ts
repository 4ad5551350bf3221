import { whereIs } from '../associations/live-record.ts';
import type { App } from '../core/app.ts';
import { addSteps, Membership, removeSteps } from '../lists/members.ts';
import type { StoredList } from '../lists/schema.ts';
import { readLists } from '../lists/store.ts';
import { attributes } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { type RecordRef, recordKey } from '../table/keys.ts';
import { membershipKey, membershipPrefix } from '../table/list-keys.ts';
import { AlreadyDone, PreconditionFailed } from '../table/once.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import { mergedRecord } from './merged-record.ts';
import type { Move } from './move.ts';

/** Lists that people fill; the others are kept by their filters. */
export const isFilledByHand = ({ processingType }: Pick<StoredList, 'processingType'>): boolean =>
  processingType !== 'DYNAMIC';

export type MovedMemberships = { readonly processed: number; readonly after?: string };

/** Moves some of a merged record's memberships to the survivor, each once, however often it is told. `after` says where to go on. */
export async function moveMemberships(
  app: App,
  move: Move,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<MovedMemberships> {
  const { pk } = recordKey(move.from);
  const page = await app.table.query(
    { pk, prefix: membershipPrefix, limit, ...(after && { startAfter: membershipKey(move.from, after) }) },
    Membership,
  );
  const listIds = page.items.map(({ listId }) => listId);
  const lists = await readLists(app, listIds);
  for (const list of lists.filter(isFilledByHand)) await contend(() => moveMembership(app, move, list));
  const last = listIds.at(-1);
  return { processed: listIds.length, ...(page.lastKey && last !== undefined && { after: last }) };
}

type List = { readonly listId: string; readonly objectTypeId: string };

async function moveMembership(app: App, move: Move, list: List): Promise<void> {
  if (!(await mergedRecord(app, move))) return;
  const { ref, state } = await whereIs(app, move.to);
  const there = state === 'ALIVE' && !(await isThere(app, ref, list.listId));
  const still = orStale({ check: recordKey(move.from), when: attributes({ mergedInto: move.to.id }) });
  try {
    await commitOrThrow(app.table, [
      still,
      ...removeSteps(app, list, move.from.id),
      ...(there ? addSteps(app, list, ref.id) : []),
    ]);
  } catch (error) {
    // Somebody put the survivor into the list, or took the merged one out: the next look finds it so.
    if (error instanceof AlreadyDone) return moveMembership(app, move, list);
    if (!(error instanceof PreconditionFailed)) throw error;
    if (await isThere(app, move.from, list.listId)) return moveMembership(app, move, list);
  }
}

const isThere = async (app: App, record: RecordRef, listId: string): Promise<boolean> =>
  (await app.table.get(membershipKey(record, listId), Membership)) !== undefined;
