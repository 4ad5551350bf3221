import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { associationKey, primaryKey, type RecordRef } from '../table/keys.ts';
import type { Step } from '../table/steps.ts';
import { isLabel } from './labels.ts';
import { LimitTurns } from './limit-turns.ts';
import {
  type MissingError,
  newPrimary,
  type Pair,
  type PairChange,
  pairSteps,
  primaryStep,
  StoredPair,
  StoredPrimary,
} from './pair.ts';
import { keepRequired } from './required.ts';
import type { AssociationSpec } from './schema.ts';
import { type AssociationTypes, currentTypes, sorted, typesFor, unknownType, wrongDirection } from './type-store.ts';
import { isPrimary } from './types.ts';

/** What shall become of a pair. `set` leaves these labels only, `add` keeps the others, `remove` takes labels off. */
export type Wanted = Pair & {
  readonly types: readonly AssociationSpec[] | 'default' | 'all';
  readonly how: 'set' | 'add' | 'remove';
};

/** The types that a pair of object types has, with the wanted ones checked against them. @throws CrmError 400 */
export async function checkedTypes(app: App, { from, to, types, how }: Wanted): Promise<AssociationTypes> {
  const typeIds = typeof types === 'string' ? [] : types.map(({ associationTypeId }) => associationTypeId);
  const pair = { fromObjectType: from.objectType, toObjectType: to.objectType };
  const labels = how !== 'remove' && typeIds.some(isLabel);
  const known = await (labels ? currentTypes(app) : typesFor(app, pair, typeIds));
  known.default(from.objectType, to.objectType);
  for (const typeId of typeIds) {
    const type = known.byId(typeId);
    if (!type) throw unknownType(typeId);
    if (type.fromObjectType !== from.objectType) throw wrongDirection(type.fromObjectType, from.objectType);
    if (type.toObjectType !== to.objectType) throw unknownType(typeId);
  }
  if (from.objectType === to.objectType && from.id === to.id) {
    throw new CrmError('VALIDATION_ERROR', 'A record cannot be associated with itself');
  }
  return known;
}

/** The labels of the pair after the change. Every associated pair has the unlabelled type; without it nothing is left. */
export function typeIdsAfter(
  known: AssociationTypes,
  { from, to, types, how }: Wanted,
  before: readonly number[] = [],
): number[] {
  const unlabelled = known.default(from.objectType, to.objectType).typeId;
  if (types === 'all') return [];
  const named = types === 'default' ? [unlabelled] : types.map(({ associationTypeId }) => associationTypeId);
  if (how === 'remove') return named.includes(unlabelled) ? [] : before.filter((typeId) => !named.includes(typeId));
  return sorted([unlabelled, ...named, ...(how === 'add' ? before : [])]);
}

/** A pair's change with the steps that make it. */
export type PlannedPair = { readonly change: PairChange; readonly types: AssociationTypes; readonly steps: Step[] };

type PlanOptions = {
  readonly missing: MissingError;
  /** The records that the caller writes itself in the same transaction. */
  readonly writing?: readonly RecordRef[];
  /** What is stored, where that is known: `none` when `from` is only now created. */
  readonly before?: readonly number[] | 'none';
  /** Shared by the changes of one transaction. */
  readonly turns?: LimitTurns;
};

/** Plans the change of one pair from what is stored now. A new primary takes the flag from the one before. */
export async function planPair(app: App, wanted: Wanted, options: PlanOptions): Promise<PlannedPair> {
  const types = await checkedTypes(app, wanted);
  const stored = options.before ?? (await app.table.get(associationKey(wanted.from, wanted.to), StoredPair))?.typeIds;
  const before = stored === 'none' ? undefined : stored;
  const change = { from: wanted.from, to: wanted.to, before, after: typeIdsAfter(types, wanted, before) };
  const goes = before !== undefined && before.length > 0 && change.after.length === 0;
  const kept = goes ? await keepRequired(app, change) : [];
  return {
    change,
    types,
    steps: [
      ...kept,
      ...pairSteps(app, types, change, options),
      ...(await primarySteps(app, types, change, options)),
      ...(await (options.turns ?? new LimitTurns(app)).steps(types, change)),
    ],
  };
}

async function primarySteps(
  app: App,
  types: AssociationTypes,
  change: PairChange,
  options: PlanOptions,
): Promise<Step[]> {
  const primary = newPrimary(types, change);
  if (!primary) return [];
  const { owner, target, typeId } = primary;
  const isNew = options.before === 'none' && change.from.id === owner.id && change.from.objectType === owner.objectType;
  const current = isNew ? undefined : await app.table.get(primaryKey(owner, target.objectType), StoredPrimary);
  const step = primaryStep(owner, target, current);
  if (!current || current.toId === target.id) return [step];
  const former = { objectType: target.objectType, id: current.toId };
  const pair = await app.table.get(associationKey(owner, former), StoredPair);
  if (!pair?.typeIds.includes(typeId)) return [step];
  const after = pair.typeIds.filter((each) => each !== typeId);
  const demotion = { from: owner, to: former, before: pair.typeIds, after };
  return [step, ...pairSteps(app, types, demotion, options).filter(({ write }) => !('check' in write))];
}

/** At most one of the wanted pairs of a record can be its primary one. */
export const wantsPrimary = ({ types }: Pick<Wanted, 'types'>): boolean =>
  typeof types !== 'string' && types.some(({ associationTypeId }) => isPrimary(associationTypeId));
