import { absent, type Condition } from './conditions.ts';
import { StaleRead } from './contention.ts';
import { AlreadyDone, type Mark, PreconditionFailed } from './once.ts';
import { ConditionFailed, type Table } from './table.ts';
import type { Item, Write } from './write.ts';

/** A write of a transaction, and what it means when its condition does not hold. */
export type Step = { readonly write: Write; readonly refused: (stored: Item | undefined) => Error };

/** A write whose failed condition means that somebody else wrote first. */
export const orStale = (write: Write): Step => ({ write, refused: () => new StaleRead('Somebody else wrote first') });

/** The mark that makes an effect happen once, or once more when `when` says that an old mark counts no more. */
export const onceStep = (mark: Mark, when: Condition = absent): Step => ({
  write: { put: mark, when },
  refused: (stored) => new AlreadyDone(stored ?? mark),
});

/** A write that a caller adds to a change. */
export const alsoStep = (write: Write): Step => ({
  write,
  refused: () => new PreconditionFailed('A condition that came with the change did not hold'),
});

/** The steps that were refused, each with its error. Nothing was written. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusals: readonly { readonly step: Step; readonly error: Error }[];

  constructor(refusals: Refused['refusals']) {
    super('Steps of the transaction were refused');
    this.refusals = refusals;
  }
}

/** Commits the steps as one transaction. @throws Refused */
export async function commitSteps(table: Table, given: readonly Step[]): Promise<void> {
  const steps = withoutRepeatedChecks(given);
  try {
    await table.commit(steps.map(({ write }) => write));
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    throw new Refused(
      error.failed.flatMap(({ position, item }) => {
        const step = steps[position];
        return step ? [{ step, error: step.refused(item) }] : [];
      }),
    );
  }
}

/** DynamoDB takes one write for a key in a transaction; two checks of one record are the same check. */
function withoutRepeatedChecks(steps: readonly Step[]): Step[] {
  const checked = new Set<string>();
  return steps.filter(({ write }) => {
    if (!('check' in write)) return true;
    const key = `${write.check.pk}\n${write.check.sk}`;
    if (checked.has(key)) return false;
    checked.add(key);
    return true;
  });
}

/** As `commitSteps`, but throws the error of the one step that explains the refusal best. */
export async function commitOrThrow(table: Table, steps: readonly Step[]): Promise<void> {
  try {
    await commitSteps(table, steps);
  } catch (error) {
    throw error instanceof Refused ? mostTelling(error.refusals.map((refusal) => refusal.error)) : error;
  }
}

/** An effect made before says all; a stale read makes every other refusal doubtful; the caller's own condition comes next. */
const ranks = [AlreadyDone, StaleRead, PreconditionFailed];

export function mostTelling(errors: readonly Error[]): Error {
  for (const kind of ranks) {
    const found = errors.find((error) => error instanceof kind);
    if (found) return found;
  }
  return errors[0] ?? new StaleRead('A transaction was refused without a reason');
}
