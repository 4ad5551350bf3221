import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import type { Job } from '../jobs/job.ts';
import { jobWrites } from '../jobs/store.ts';
import { recordNotFound } from '../objects/not-found.ts';
import { CrmRecord, restoredRecord } from '../objects/record.ts';
import { restoreSteps } from '../objects/record-steps.ts';
import { typeKnowing } from '../objects/store.ts';
import { contend } from '../table/contention.ts';
import { type RecordRef, recordKey } from '../table/keys.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import { attachOrder } from './attach-order.ts';
import { isFinal } from './retention.ts';

/** The record, and the job that brings its associations back; none when the record was alive. */
export type Restored = { readonly record: CrmRecord; readonly job?: Job };

/**
 * Brings a record back from the archive, within 90 days: with its values, its unique values and, by a job of the same transaction, its
 * associations with records that live. One that is alive is answered as it is. @throws CrmError 404 when there is none, or the 90 days
 * are over; 400 when it was merged into another; 409 naming the owner when a unique value of it was taken meanwhile
 */
export function restoreRecord(app: App, ref: RecordRef): Promise<Restored> {
  return contend(async () => {
    const record = await app.table.get(recordKey(ref), CrmRecord);
    if (!record) throw recordNotFound(ref);
    if (record.mergedInto !== undefined) throw merged(record.id, record.mergedInto);
    const { archivedAt } = record;
    if (archivedAt === undefined) return { record };
    if (isFinal(archivedAt, app.now())) throw recordNotFound(ref);
    const type = await typeKnowing(app, record);
    const after = restoredRecord(record, app.now());
    const { job, writes } = await jobWrites(app, attachOrder(record));
    await commitOrThrow(app.table, [
      ...restoreSteps(app, type, { ...record, archivedAt }, after),
      ...writes.map(orStale),
    ]);
    return { record: after, job };
  });
}

const merged = (id: string, into: string) =>
  new CrmError('VALIDATION_ERROR', `The record ${id} was merged into ${into}: undo the merge to have it back`, {
    subCategory: 'OBJECT_MERGED',
    context: { id: [id], mergedInto: [into] },
  });
