import { AssociationRemoved } from '../../events/association.ts';
import { ListMemberRemoved } from '../../events/list.ts';
import { RecordArchived, RecordMerged, RecordUnmerged } from '../../events/record.ts';
import { attachAll } from '../associations/attach.ts';
import type { App } from '../core/app.ts';
import { mayAccess } from '../core/scopes.ts';
import { moveAll } from '../merges/move-all.ts';
import { eventKey, type RecordRef } from '../table/keys.ts';
import { LoggedEvent } from './later.ts';
import { type ChangeSetRow, readRows } from './rows.ts';
import { type Outcome, type UndoOf, undoRow } from './undo.ts';

const rowsAtOnce = 100;
/** What the mover of a merge wrote in the log of the merged record. */
const moved: ReadonlySet<string> = new Set<string>([AssociationRemoved.type, ListMemberRemoved.type]);

/**
 * What must be done before older rows are undone, because they are about what it brings back: the associations of a record that came
 * from the archive, those of a merged one, and the moves of a merge that is made again. A repeat finds nothing left to do.
 */
export async function followUp(app: App, undo: UndoOf & { readonly of: string }, row: ChangeSetRow): Promise<Outcome> {
  const none = { undone: 0, kept: 0 };
  const record = { objectType: row.objectType, id: row.recordId };
  if (!mayAccess(app, record.objectType, 'write')) return none;
  // What comes back from the archive is nobody's change.
  const { changeSetId: _, ...plain } = app;
  if (row.type === RecordArchived.type) await attachAll(plain, record);
  if (row.type !== RecordMerged.type && row.type !== RecordUnmerged.type) return none;
  const event = await app.table.get(eventKey(record, row.eventId), LoggedEvent);
  const { role, otherRecordId } = event?.detail ?? {};
  if (role !== 'SURVIVOR' || otherRecordId === undefined) return none;
  const other = { objectType: row.objectType, id: otherRecordId };
  if (row.type === RecordUnmerged.type) {
    await moveAll(app, { from: other, to: record });
    return none;
  }
  await attachAll(plain, other);
  return undoMoves(app, undo, other, row.eventId);
}

/** The rows of the set that moved something away from a merged record, which waited for it to be there again. Newest first. */
async function undoMoves(
  app: App,
  undo: UndoOf & { readonly of: string },
  { id }: RecordRef,
  since: string,
): Promise<Outcome> {
  const rows: ChangeSetRow[] = [];
  let after: string | undefined = since;
  do {
    const page: Awaited<ReturnType<typeof readRows>> = await readRows(app, undo.of, { limit: rowsAtOnce, after });
    rows.push(...page.rows.filter(({ type, recordId }) => recordId === id && moved.has(type)));
    after = page.after;
  } while (after !== undefined);
  const sum = { undone: 0, kept: 0 };
  for (const row of rows.toReversed()) {
    const { undone, kept } = await undoRow(app, undo, row, true);
    sum.undone += undone;
    sum.kept += kept;
  }
  return sum;
}
