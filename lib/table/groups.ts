import { CrmError } from '../core/errors.ts';
import { inParallel } from './in-parallel.ts';
import { commitSteps, mostTelling, Refused, type Step } from './steps.ts';
import { type Table, transactionLimit } from './table.ts';
import type { Write } from './write.ts';

/** Below DynamoDB's 4 MB for one transaction, because sizes here are estimates. */
const bytesPerTransaction = 2_500_000;
const transactionsAtOnce = 5;

/** Steps that stand or fall together with the others of their group only. */
type Group = { readonly position: number; readonly steps: readonly Step[] };
type Chunk = { readonly groups: Group[]; readonly keys: Map<string, Write>; bytes: number };

/**
 * Commits many small groups of steps, several to a transaction. Each group is all or nothing; one that is refused does not keep the
 * others of its transaction out. Returns for each group its error, or undefined when it was written.
 */
export async function commitGroups(table: Table, groups: readonly (readonly Step[])[]): Promise<(Error | undefined)[]> {
  const outcomes = new Array<Error | undefined>(groups.length);
  const chunks = pack(groups.flatMap((steps, position) => (steps.length > 0 ? [{ position, steps }] : [])));
  await inParallel(chunks, transactionsAtOnce, (chunk) => commitChunk(table, chunk.groups, outcomes));
  return outcomes;
}

function pack(groups: readonly Group[]): Chunk[] {
  const chunks: Chunk[] = [];
  for (const group of groups) {
    const last = chunks.at(-1);
    const bytes = sizeOf(group);
    if (!last || !fits(last, group, bytes)) chunks.push({ groups: [], keys: new Map(), bytes: 0 });
    const chunk = chunks.at(-1) as Chunk;
    chunk.groups.push(group);
    chunk.bytes += bytes;
    for (const { write } of group.steps) chunk.keys.set(keyOf(write), write);
  }
  return chunks;
}

/** A transaction may touch a key once; checks of the same record (a deal that all contacts of a batch go to) count as one. */
function fits(chunk: Chunk, { steps }: Group, bytes: number): boolean {
  let added = 0;
  for (const { write } of steps) {
    const there = chunk.keys.get(keyOf(write));
    if (there && !sameCheck(there, write)) return false;
    if (!there) added += 1;
  }
  return chunk.keys.size + added <= transactionLimit && chunk.bytes + bytes <= bytesPerTransaction;
}

const sameCheck = (one: Write, other: Write) =>
  'check' in one && 'check' in other && one.when.expression === other.when.expression;

function keyOf(write: Write): string {
  const { pk, sk } =
    'put' in write ? write.put : 'remove' in write ? write.remove : 'update' in write ? write.update : write.check;
  return `${pk}\n${sk}`;
}

const sizeOf = ({ steps }: Group) =>
  steps.reduce((sum, { write }) => sum + ('put' in write ? JSON.stringify(write.put).length * 2 : 200), 0);

async function commitChunk(table: Table, groups: readonly Group[], outcomes: (Error | undefined)[]): Promise<void> {
  let left = groups;
  while (left.length > 0) {
    try {
      return await commitSteps(
        table,
        left.flatMap((group) => group.steps),
      );
    } catch (error) {
      if (error instanceof Refused) {
        left = withoutRefused(left, error, outcomes);
      } else if (error instanceof CrmError && left.length > 1) {
        for (const group of left) await commitChunk(table, [group], outcomes);
        return;
      } else {
        for (const { position } of left) outcomes[position] = error as Error;
        return;
      }
    }
  }
}

function withoutRefused(groups: readonly Group[], { refusals }: Refused, outcomes: (Error | undefined)[]): Group[] {
  const refused = new Map(refusals.map(({ step, error }) => [keyOf(step.write), error]));
  return groups.filter(({ position, steps }) => {
    const errors = steps.flatMap(({ write }) => refused.get(keyOf(write)) ?? []);
    if (errors.length > 0) outcomes[position] = mostTelling(errors);
    return errors.length === 0;
  });
}
