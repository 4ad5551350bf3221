import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { attributes, type Condition } from '../table/conditions.ts';
import { contend } from '../table/contention.ts';
import { associationKey, detachedKey, everyAssociation, type RecordRef, recordKey } from '../table/keys.ts';
import { commitOrThrow, orStale, type Step } from '../table/steps.ts';
import { LimitTurns } from './limit-turns.ts';
import { loadAssociationLimits } from './limits.ts';
import { StoredPair } from './pair.ts';
import { type AssociationTypes, loadAssociationTypes } from './type-store.ts';

/** Four rows a pair and one check, within the hundred writes of a transaction; where limits count pairs, their rows besides. */
const pairsAtOnce = 24;
const countedPairsAtOnce = 6;

const StoredArchived = z.object({ archivedAt: z.optional(z.string()), mergedInto: z.optional(z.string()) });

const stillArchived: Condition = {
  expression: 'attribute_exists(#c_archived) AND attribute_not_exists(#c_merged)',
  names: { '#c_archived': 'archivedAt', '#c_merged': 'mergedInto' },
  values: {},
};

/**
 * Moves the associations of an archived record away, on both sides, to where a restore finds them. It may be told twice, or late: of a
 * record that lives again it moves nothing, nor of one that was merged into another: that one's associations go to the survivor.
 */
export async function detachAssociations(app: App, record: RecordRef): Promise<void> {
  let left = true;
  while (left) left = await contend(() => detachSome(app, record));
}

async function detachSome(app: App, record: RecordRef): Promise<boolean> {
  const { pk } = recordKey(record);
  const counted = (await loadAssociationLimits(app)).length > 0;
  const limit = counted ? countedPairsAtOnce : pairsAtOnce;
  const page = await app.table.query({ pk, prefix: everyAssociation, limit }, StoredPair);
  if (page.items.length === 0) return false;
  const archived = await app.table.get(recordKey(record), StoredArchived);
  if (!archived?.archivedAt || archived.mergedInto) return false;
  const types = await typesOfPairs(app, page.items);
  const check: Step = orStale({ check: recordKey(record), when: stillArchived });
  const moves = page.items.flatMap((pair) => moveSteps(pair, types.inverse(pair.typeIds)));
  await commitOrThrow(app.table, [check, ...moves, ...(await fewerSteps(app, types, page.items))]);
  return true;
}

/** What limits count of these pairs no more. */
async function fewerSteps(app: App, types: AssociationTypes, pairs: readonly StoredPair[]): Promise<Step[]> {
  const turns = new LimitTurns(app);
  const steps: Step[] = [];
  for (const { objectType, id, toObjectType, toId, typeIds } of pairs) {
    const pair = { from: { objectType, id }, to: { objectType: toObjectType, id: toId } };
    steps.push(...(await turns.steps(types, { ...pair, before: typeIds, after: [] })));
  }
  return steps;
}

/** The account's types, read anew when a label is among the pairs that was made a moment ago. */
export async function typesOfPairs(app: App, pairs: readonly StoredPair[]): Promise<AssociationTypes> {
  const types = await loadAssociationTypes(app);
  const known = pairs.every(({ typeIds }) => typeIds.every((typeId) => types.byId(typeId)));
  return known ? types : loadAssociationTypes(app, { fresh: true });
}

/** The writes that put one pair aside, as it is on both sides. */
export function moveSteps(
  { objectType, id, toObjectType, toId, typeIds }: StoredPair,
  inverse: readonly number[],
): Step[] {
  const [from, to] = [
    { objectType, id },
    { objectType: toObjectType, id: toId },
  ];
  return [
    orStale({ remove: associationKey(from, to), when: attributes({ typeIds }) }),
    orStale({ remove: associationKey(to, from) }),
    orStale({ put: { ...detachedKey(from, to), entity: 'detached', objectType, id, toObjectType, toId, typeIds } }),
    orStale({
      put: {
        ...detachedKey(to, from),
        entity: 'detached',
        objectType: toObjectType,
        id: toId,
        toObjectType: objectType,
        toId: id,
        typeIds: inverse,
      },
    }),
  ];
}
