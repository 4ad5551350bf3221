import { whereIs } from '../associations/live-record.ts';
import { StoredPair } from '../associations/pair.ts';
import { planPair, type Wanted } from '../associations/plan.ts';
import { missingRecord } from '../associations/store.ts';
import { loadAssociationTypes } from '../associations/type-store.ts';
import { addSteps, Membership, removeSteps } from '../lists/members.ts';
import { readLists } from '../lists/store.ts';
import { associationKey, type RecordRef } from '../table/keys.ts';
import { membershipKey } from '../table/list-keys.ts';
import { type Inverse, left, nothing, type Undoing } from './inverse.ts';
import { laterThan, pairName } from './later.ts';

/** The labels of a pair go back to what they were. Others may have changed them since from either side: then they stay. */
export async function undoPair(undoing: Undoing): Promise<Inverse> {
  const { app, family, record: from, event } = undoing;
  const { toObjectType: objectType, toRecordId: id } = event.detail;
  if (objectType === undefined || id === undefined) return nothing;
  const to = { objectType, id };
  const before = labelsBefore(undoing);
  const stored = (await app.table.get(associationKey(from, to), StoredPair))?.typeIds ?? [];
  if (same(stored, before)) return nothing;
  const [here, there] = [
    await laterThan(app, from, event.detail.id, family),
    await laterThan(app, to, event.detail.id, family),
  ];
  if (here.pairs.has(pairName(to)) || there.pairs.has(pairName(from))) return left({ reason: 'CHANGED_LATER' });
  if (before.length > 0) {
    const ends = [await whereIs(app, from), await whereIs(app, to)];
    const merged = ends.some(({ ref }) => ref.id !== from.id && ref.id !== to.id);
    if (merged) return { ...left({ reason: 'RECORD_MERGED' }), waits: true };
    if (ends.some(({ state }) => state !== 'ALIVE')) return left({ reason: 'RECORD_GONE' });
  }
  const { steps } = await planPair(app, await wantedOf(undoing, to, before), { missing: missingRecord });
  return { steps, kept: [] };
}

function labelsBefore({ event }: Undoing): number[] {
  const { type, detail } = event;
  if (type === 'association.created') return detail.before ?? [];
  return [...(detail.typeIds ?? []), ...(detail.remaining ?? [])].sort((a, b) => a - b);
}

const same = (one: readonly number[], other: readonly number[]) => one.toSorted().join() === other.toSorted().join();

async function wantedOf({ app, record: from }: Undoing, to: RecordRef, before: readonly number[]): Promise<Wanted> {
  if (before.length === 0) return { from, to, types: 'all', how: 'remove' };
  const known = await loadAssociationTypes(app, { fresh: true });
  const types = before.flatMap((typeId) => {
    const type = known.byId(typeId);
    return type ? [{ associationCategory: type.category, associationTypeId: typeId }] : [];
  });
  return { from, to, types, how: 'set' };
}

/** A member that was taken out comes back, one that was put in goes, unless others changed that since, or the list is gone. */
export async function undoMembership({ app, family, record, event }: Undoing): Promise<Inverse> {
  const { listId = '' } = event.detail;
  const add = event.type === 'list.member-removed';
  const isIn = (await app.table.get(membershipKey(record, listId), Membership)) !== undefined;
  if (isIn === add) return nothing;
  if ((await laterThan(app, record, event.detail.id, family)).lists.has(listId))
    return left({ reason: 'CHANGED_LATER' });
  const [list] = await readLists(app, [listId]);
  if (!list) return nothing;
  if (!add) return { steps: removeSteps(app, list, record.id), kept: [] };
  const { state, ref } = await whereIs(app, record);
  if (ref.id !== record.id) return { ...left({ reason: 'RECORD_MERGED' }), waits: true };
  if (state !== 'ALIVE') return left({ reason: 'RECORD_GONE' });
  return { steps: addSteps(app, list, record.id), kept: [] };
}
