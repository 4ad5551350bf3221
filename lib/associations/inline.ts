import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import type { RecordRef } from '../table/keys.ts';
import type { Step } from '../table/steps.ts';
import { LimitTurns } from './limit-turns.ts';
import { planPair, type Wanted, wantsPrimary } from './plan.ts';
import type { AssociationSpec } from './schema.ts';
import { typeNamed } from './type-store.ts';

/** An association that comes with a record. HubSpot's clients name the types, whose ids tell what `to` is; `default` needs `objectType`. */
export type AssociationInput = {
  readonly to: { readonly id: string; readonly objectType?: string };
  readonly types: readonly AssociationSpec[] | 'default';
};

const invalid = (context: Record<string, string[]>) =>
  new CrmError('VALIDATION_ERROR', 'One or more associations are invalid', { context });

/** The 400 of an association to a record that is not there. */
export const missingTarget = ({ objectType, id }: RecordRef): CrmError =>
  invalid({ INVALID_OBJECT_IDS: [id], objectId: [id], objectType: [objectType] });

/**
 * The writes that associate a record which is written in the same transaction, as the records of `alongside` are. @throws CrmError 400
 */
export async function inlineSteps(
  app: App,
  record: RecordRef,
  inputs: readonly AssociationInput[],
  { isNew, alongside = [] }: { readonly isNew: boolean; readonly alongside?: readonly RecordRef[] },
): Promise<Step[]> {
  const wanted = await wantedPairs(app, record, inputs);
  const turns = new LimitTurns(app);
  const plans = [];
  for (const each of wanted) {
    plans.push(
      await planPair(app, each, {
        missing: missingTarget,
        writing: [record, ...alongside],
        turns,
        ...(isNew && { before: 'none' as const }),
      }),
    );
  }
  return plans.flatMap(({ steps }) => steps);
}

/** One entry for each other record, whatever the number of inputs that name it. */
async function wantedPairs(app: App, from: RecordRef, inputs: readonly AssociationInput[]): Promise<Wanted[]> {
  const pairs = new Map<string, Wanted>();
  for (const { to, types } of inputs) {
    const objectType = await objectTypeOf(app, from, { to, types });
    const key = `${objectType}#${to.id}`;
    const before = pairs.get(key)?.types ?? [];
    const merged = types === 'default' || typeof before === 'string' ? types : [...before, ...types];
    pairs.set(key, { from, to: { objectType, id: to.id }, types: merged, how: 'add' });
  }
  const primaries = [...pairs.values()].filter(wantsPrimary).map(({ to }) => to.objectType);
  const twice = primaries.find((objectType, position) => primaries.indexOf(objectType) !== position);
  if (twice) throw invalid({ objectType: [twice], reason: ['A record has one primary association of a type'] });
  return [...pairs.values()];
}

async function objectTypeOf(app: App, from: RecordRef, { to, types }: AssociationInput): Promise<string> {
  if (to.objectType) return to.objectType;
  const [first] = types === 'default' ? [] : types;
  if (!first) throw invalid({ objectId: [to.id], reason: ['The association names no type'] });
  return (await typeNamed(app, from.objectType, first.associationTypeId)).toObjectType;
}
