import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { defineJob, type Slice } from '../jobs/kind.ts';
import { changeSetKey, undoneMarkKey } from '../table/change-set-keys.ts';
import { attributes } from '../table/conditions.ts';
import { inParallel } from '../table/in-parallel.ts';
import type { Write } from '../table/write.ts';
import { familyOf } from './family.ts';
import { undoKind } from './job-kinds.ts';
import { type ChangeSetRow, readRows } from './rows.ts';
import { completeChangeSetWrites, readChangeSet } from './store.ts';
import { undoRow } from './undo.ts';
import { followUp } from './undo-follow.ts';

const rowsPerSlice = 50;
const rowsAtOnce = 8;

/**
 * A change set is undone newest first. What the rest of the set stood in the way of (a created record with associations whose events
 * have earlier ids, by another process's clock; what a merge moved that stays as it is) is looked at once more at the end.
 */
const passes = 2;

const Cursor = z.object({ pass: z.number(), after: z.optional(z.string()) });
type Cursor = z.output<typeof Cursor>;
const UndoInput = z.object({
  changeSetId: z.string(),
  undoId: z.string(),
  /** What the token might do that asked for the undo. */
  scopes: z.optional(z.array(z.string())),
});
type UndoInput = z.output<typeof UndoInput>;

/** Takes a change set back row by row, each once; it may die at any line and goes on where it stood. */
export const changeSetUndo = defineJob({
  kind: undoKind,
  input: UndoInput,
  cursor: Cursor,
  slice: (app, { input, cursor = { pass: 0 } }) => undoSlice(app, input, cursor),
});

async function undoSlice(
  base: App,
  { changeSetId, undoId, scopes }: UndoInput,
  { pass, after }: Cursor,
): Promise<Slice<Cursor>> {
  const undo = await readChangeSet(base, undoId);
  const app: App = { ...base, actor: undo.author, changeSetId: undoId, ...(scopes && { scopes }) };
  const page = await readRows(app, changeSetId, { limit: rowsPerSlice, after, descending: true });
  const final = pass === passes - 1;
  const rows = final ? await waiting(app, undoId, page.rows) : page.rows;
  const undoOf = { undoId, family: await familyOf(app, changeSetId), of: changeSetId };
  const counts = { undone: 0, kept: 0 };
  for (const batch of batchesOf(rows)) {
    const outcomes = await inParallel(batch, rowsAtOnce, async (row) => [
      await undoRow(app, undoOf, row, final),
      await followUp(app, undoOf, row),
    ]);
    for (const { undone, kept } of outcomes.flat()) {
      counts.undone += undone;
      counts.kept += kept;
    }
  }
  const next = page.after ? { pass, after: page.after } : { pass: pass + 1 };
  const done = next.pass === passes;
  return {
    done,
    processed: pass === 0 ? rows.length : 0,
    counts,
    ...(done ? { also: await endWrites(app, changeSetId, undoId) } : { cursor: next }),
  };
}

/** Those of these rows that the first pass left for later. */
async function waiting(app: App, undoId: string, rows: readonly ChangeSetRow[]): Promise<ChangeSetRow[]> {
  const marks = await app.table.getMany(
    rows.map(({ eventId }) => undoneMarkKey(undoId, eventId)),
    Mark,
  );
  const done = new Set(marks.map(({ sk }) => sk));
  return rows.filter(({ eventId }) => !done.has(undoneMarkKey(undoId, eventId).sk));
}

const Mark = z.object({ sk: z.string() });

/** Rows that may be undone side by side: each of another record, and of that record alone. The order of one record's rows stays. */
function batchesOf(rows: readonly ChangeSetRow[]): ChangeSetRow[][] {
  const batches: ChangeSetRow[][] = [];
  let seen = new Set<string>();
  for (const row of rows) {
    const { type, objectType, recordId } = row;
    const alone = type.startsWith('association.') || type.includes('merged');
    const record = `${objectType}#${recordId}`;
    if (batches.length === 0 || alone || seen.has(record) || seen.has('')) {
      batches.push([]);
      seen = new Set();
    }
    batches.at(-1)?.push(row);
    seen.add(alone ? '' : record);
  }
  return batches;
}

/** The set is undone, and the undo complete; when that undid an undo, what had been undone stands again. */
async function endWrites(app: App, changeSetId: string, undoId: string): Promise<Write[]> {
  const changeSet = await readChangeSet(app, changeSetId);
  const end: Write = {
    update: changeSetKey(changeSetId),
    set: { status: 'UNDONE' },
    add: { version: 1 },
    when: attributes({ version: changeSet.version }),
  };
  const again: Write[] = changeSet.undoes
    ? [
        {
          update: changeSetKey(changeSet.undoes),
          set: { status: 'COMPLETE' },
          unset: ['undoneBy', 'undoJobId'],
          add: { version: 1 },
          when: attributes({ status: 'UNDONE', undoneBy: changeSetId }),
        },
      ]
    : [];
  return [end, ...again, ...(await completeChangeSetWrites(app, undoId))];
}
