import { AssociationRemoved } from '../../events/association.ts';
import { moveSteps, typesOfPairs } from '../associations/detach.ts';
import { joinSteps } from '../associations/join.ts';
import { LimitTurns } from '../associations/limit-turns.ts';
import { whereIs } from '../associations/live-record.ts';
import { StoredPair } from '../associations/pair.ts';
import type { AssociationTypes } from '../associations/type-store.ts';
import { type App, envelopeOf } from '../core/app.ts';
import { attributes, present } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { loggedSteps } from '../table/event-log.ts';
import { associationKey, everyAssociation, type RecordRef, recordKey } from '../table/keys.ts';
import { commitOrThrow, orStale, type Step } from '../table/steps.ts';
import { mergedRecord } from './merged-record.ts';

/** A merged record, and the one that it was merged into. */
export type Move = { readonly from: RecordRef; readonly to: RecordRef };

/**
 * Moves some of a merged record's associations to the survivor, each pair in one transaction, so that it is at every moment with the one
 * or with the other. Labels are united, also over a limit; a primary one comes along unless the survivor has one. Returns how many; none when all are moved,
 * or when the merge was taken back meanwhile.
 */
export async function moveAssociations(app: App, move: Move, limit: number): Promise<number> {
  const { pk } = recordKey(move.from);
  const { items } = await app.table.query({ pk, prefix: everyAssociation, limit }, StoredPair);
  if (items.length === 0 || !(await mergedRecord(app, move))) return 0;
  for (const { toObjectType, toId } of items)
    await contend(() => movePair(app, move, { objectType: toObjectType, id: toId }));
  return items.length;
}

async function movePair(app: App, move: Move, other: RecordRef): Promise<void> {
  const pair = await app.table.get(associationKey(move.from, other), StoredPair);
  if (!pair) return;
  const types = await typesOfPairs(app, [pair]);
  const steps = await stepsOf(app, types, move, pair);
  if (steps) await commitOrThrow(app.table, [stillMerged(move), ...steps]);
}

const stillMerged = ({ from, to }: Move): Step =>
  orStale({ check: recordKey(from), when: attributes({ mergedInto: to.id }) });

/** Undefined when the merge was taken back. A pair with a record in the archive is put aside, as the archive does it. */
async function stepsOf(app: App, types: AssociationTypes, move: Move, pair: StoredPair): Promise<Step[] | undefined> {
  if (!(await mergedRecord(app, move))) return undefined;
  const other = { objectType: pair.toObjectType, id: pair.toId };
  const [survivor, there] = [await whereIs(app, move.to), await whereIs(app, other)];
  const turns = new LimitTurns(app, { over: 'keep' });
  const fewer = await turns.steps(types, { from: move.from, to: other, before: pair.typeIds, after: [] });
  const gone = survivor.state === 'GONE' || there.state === 'GONE' || same(survivor.ref, there.ref);
  if (gone) return [...removeSteps(app, move, pair), ...fewer];
  if (survivor.state === 'ARCHIVED' || there.state === 'ARCHIVED')
    return [...moveSteps(pair, types.inverse(pair.typeIds)), ...fewer];
  const joined = { from: survivor.ref, to: there.ref, typeIds: pair.typeIds, leaving: move.from, turns };
  return [...removeSteps(app, move, pair), ...(await joinSteps(app, types, joined)), ...fewer];
}

const same = (one: RecordRef, two: RecordRef) => one.id === two.id && one.objectType === two.objectType;

function removeSteps(app: App, { from }: Move, { toObjectType, toId, typeIds }: StoredPair): Step[] {
  const other = { objectType: toObjectType, id: toId };
  const detail = { ...envelopeOf(app, from), toObjectType, toRecordId: toId, typeIds, remaining: [] };
  return [
    orStale({ remove: associationKey(from, other), when: attributes({ typeIds }) }),
    orStale({ remove: associationKey(other, from), when: present }),
    ...loggedSteps(AssociationRemoved.of(detail)),
  ];
}
