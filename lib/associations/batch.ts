import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { forEachInput, type RowError, refusalOf, throwIfAllUnavailable } from '../objects/batch.ts';
import { asRowError } from '../objects/batch-answer.ts';
import { StaleRead } from '../table/contention.ts';
import { commitGroups } from '../table/groups.ts';
import { inParallel } from '../table/in-parallel.ts';
import { associationKey } from '../table/keys.ts';
import { StoredPair } from './pair.ts';
import { checkedTypes, planPair, type Wanted } from './plan.ts';
import { type Associated, change, missingRecord } from './store.ts';

const nameOf = ({ from, to }: Pick<Wanted, 'from' | 'to'>) => `${from.id}#${to.id}`;

/**
 * Changes many pairs of the same two object types, about twenty to a transaction. All types are checked before the first is written;
 * a record that is missing is told for its pairs alone. Answers are at the position of each input.
 */
export async function changePairs(
  app: App,
  inputs: readonly Wanted[],
): Promise<{ pairs: (Associated | undefined)[]; errors: RowError[] }> {
  await checkAll(app, inputs);
  const distinct = merged(inputs);
  const before = await readPairs(app, distinct);
  const plans = await inParallel(distinct, 8, (wanted) =>
    planPair(app, wanted, { missing: missingRecord, before: before.get(nameOf(wanted)) ?? 'none' }).catch(asRowError),
  );
  const outcomes = await commitGroups(
    app.table,
    plans.map((plan) => (plan instanceof CrmError ? [] : plan.steps)),
  );
  const done = await inParallel(plans, 4, async (plan, position) =>
    plan instanceof CrmError ? plan : settle(app, distinct[position] as Wanted, plan, outcomes[position]),
  );
  const byName = new Map(distinct.map((wanted, position) => [nameOf(wanted), done[position]]));
  const answers = inputs.map((wanted) => byName.get(nameOf(wanted)));
  const errors = answers.flatMap((answer, position) => (isError(answer) ? [{ position, error: answer }] : []));
  const pairs = answers.map((answer) => (isError(answer) ? undefined : answer));
  throwIfAllUnavailable(pairs.filter(Boolean).length, errors);
  return { pairs, errors };
}

/** Takes associations off many pairs; pairs that are not associated are no error. */
export async function removePairs(app: App, inputs: readonly Wanted[]): Promise<void> {
  const { errors } = await changePairs(app, inputs);
  const [first] = errors;
  if (first) throw first.error;
}

const isError = (answer: Associated | CrmError | undefined): answer is CrmError => answer instanceof Error;

/** @throws CrmError 400 naming every input whose types do not fit */
async function checkAll(app: App, inputs: readonly Wanted[]): Promise<void> {
  const checked = await inParallel(inputs, 8, (wanted) =>
    checkedTypes(app, wanted).then(
      () => undefined,
      (error: Error) => error,
    ),
  );
  const { errors } = forEachInput(checked, (error) => {
    if (error) throw error;
  });
  if (errors.length > 0) throw refusalOf(errors);
}

/** Inputs that name the same pair are one change. */
function merged(inputs: readonly Wanted[]): Wanted[] {
  const pairs = new Map<string, Wanted>();
  for (const wanted of inputs) {
    const earlier = pairs.get(nameOf(wanted));
    const types =
      earlier && typeof earlier.types !== 'string' && typeof wanted.types !== 'string'
        ? [...earlier.types, ...wanted.types]
        : wanted.types;
    pairs.set(nameOf(wanted), { ...wanted, types });
  }
  return [...pairs.values()];
}

async function readPairs(app: App, pairs: readonly Wanted[]): Promise<Map<string, readonly number[]>> {
  const stored = await app.table.getMany(
    pairs.map(({ from, to }) => associationKey(from, to)),
    StoredPair,
  );
  return new Map(stored.map(({ id, toId, typeIds }) => [`${id}#${toId}`, typeIds]));
}

/** A pair that somebody else changed meanwhile is done again alone, on what is there now. */
async function settle(
  app: App,
  wanted: Wanted,
  { change: planned, types }: Awaited<ReturnType<typeof planPair>>,
  error: Error | undefined,
): Promise<Associated | CrmError> {
  if (!error) return { from: wanted.from, to: wanted.to, typeIds: planned.after, types };
  if (!(error instanceof StaleRead)) return asRowError(error);
  try {
    return await change(app, wanted, {});
  } catch (problem) {
    return asRowError(problem as Error);
  }
}
