import type { App } from '../core/app.ts';
import { StaleRead } from '../table/contention.ts';
import { associationKey, primaryKey, type RecordRef } from '../table/keys.ts';
import type { Step } from '../table/steps.ts';
import type { LimitTurns } from './limit-turns.ts';
import { type Pair, pairSteps, primaryStep, StoredPair, StoredPrimary } from './pair.ts';
import { type AssociationTypes, sorted } from './type-store.ts';
import { isPrimary } from './types.ts';

/** Labels that come to a pair from elsewhere: from the archive, or from a record (`leaving`) that the first one of the pair takes the place of. */
export type Joining = Pair & {
  readonly typeIds: readonly number[];
  readonly leaving?: RecordRef;
  readonly restored?: boolean;
  /** Of the transaction; it keeps what passes a limit. */
  readonly turns: LimitTurns;
};

const notAlive = () => new StaleRead('A record of the pair went to the archive');

/**
 * The writes that give the labels to the pair, beside those that it has. A record that has a primary one of the type keeps it: then the
 * flag does not come along. Stale when a record of the pair is not alive any more.
 */
export async function joinSteps(app: App, types: AssociationTypes, joining: Joining): Promise<Step[]> {
  const { from, to, typeIds } = joining;
  const before = (await app.table.get(associationKey(from, to), StoredPair))?.typeIds;
  const labels: number[] = [...(before ?? []), types.default(from.objectType, to.objectType).typeId];
  const primaries: Step[] = [];
  for (const typeId of typeIds) {
    const inverse = types.byId(typeId)?.inverseTypeId;
    if (inverse === undefined || labels.includes(typeId)) continue;
    const flag = flagOf(joining, typeId, inverse);
    const step = flag && (await flagStep(app, joining, flag));
    if (flag && !step) continue;
    if (step) primaries.push(step);
    labels.push(typeId);
  }
  const change = { from, to, before, after: sorted(labels) };
  return [
    ...pairSteps(app, types, change, { missing: notAlive, restored: joining.restored ?? false }),
    ...primaries,
    ...(await joining.turns.steps(types, change)),
  ];
}

/** Whose primary one the label names, with the label as it is called from there. */
type Flag = { readonly owner: RecordRef; readonly target: RecordRef; readonly typeId: number };

function flagOf({ from, to }: Pair, typeId: number, inverse: number): Flag | undefined {
  if (isPrimary(typeId)) return { owner: from, target: to, typeId };
  return isPrimary(inverse) ? { owner: to, target: from, typeId: inverse } : undefined;
}

/** The write that makes the target the primary one, unless another record is. */
async function flagStep(app: App, { leaving }: Joining, { owner, target, typeId }: Flag): Promise<Step | undefined> {
  const current = await app.table.get(primaryKey(owner, target.objectType), StoredPrimary);
  if (current && current.toId !== target.id && current.toId !== leaving?.id) {
    const other = { objectType: target.objectType, id: current.toId };
    const pair = await app.table.get(associationKey(owner, other), StoredPair);
    if (pair?.typeIds.includes(typeId)) return undefined;
  }
  return primaryStep(owner, target, current);
}
