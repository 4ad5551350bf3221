import * as z from 'zod/mini';
import { RecordArchived } from '../../events/record.ts';
import type { App } from '../core/app.ts';
import { defineJob } from '../jobs/kind.ts';
import { findJob, startJob } from '../jobs/store.ts';
import { mergedIds } from '../merges/decide.ts';
import { CrmRecord } from '../objects/record.ts';
import { StaleRead } from '../table/contention.ts';
import { dayListing, recordKey } from '../table/keys.ts';
import { eraseKind, purgeKind } from './job-kinds.ts';
import { isFinal, purgedDay } from './retention.ts';

const Told = z.object({
  pk: z.string(),
  sk: z.string(),
  gsi1pk: z.string(),
  gsi1sk: z.string(),
  type: z.string(),
  detail: z.object({ objectType: z.string(), recordId: z.string() }),
});
const Position = z.record(z.string(), z.string());
const eventsPerSlice = 200;
/** Days that are looked back to, for when the schedule did not run. */
const daysBack = 7;

/** Starts the purge of each day whose archived records cannot be restored any more; one that was started is not started again. */
export async function startPurges(app: App): Promise<void> {
  for (let back = 0; back < daysBack; back += 1) {
    const day = purgedDay(app.now(), back);
    const id = `purge-${day}`;
    if (await findJob(app, id)) continue;
    await startJob(app, { kind: purgeKind, id, input: { day } }).catch((error: unknown) => {
      if (!(error instanceof StaleRead)) throw error;
    });
  }
}

/** Erases the records that went to the archive on a day, and are there since: the log of the day names them. */
export const recordPurge = defineJob({
  kind: purgeKind,
  input: z.object({ day: z.string() }),
  cursor: Position,
  slice: async (app, { input: { day }, cursor }) => {
    const page = await app.table.query(
      { pk: dayListing(day), index: 'gsi1', limit: eventsPerSlice, ...(cursor && { startAfter: cursor }) },
      Told,
    );
    let erased = 0;
    for (const { type, detail } of page.items)
      if (type === RecordArchived.type && (await eraseFinal(app, detail))) erased += 1;
    const done = page.lastKey === undefined;
    const counts = { erased };
    return { done, processed: page.items.length, counts, ...(!done && { cursor: Position.parse(page.lastKey) }) };
  },
});

async function eraseFinal(app: App, { objectType, recordId: id }: z.output<typeof Told>['detail']): Promise<boolean> {
  const ref = { objectType, id };
  const record = await app.table.get(recordKey(ref), CrmRecord);
  if (!record?.archivedAt || record.mergedInto !== undefined || !isFinal(record.archivedAt, app.now())) return false;
  const jobId = `purge-${objectType}-${id}`;
  if (await findJob(app, jobId)) return false;
  const refs = [id, ...mergedIds(record)].map((each) => ({ objectType, id: each }));
  await startJob(app, { kind: eraseKind, id: jobId, input: { refs, requested: false } });
  return true;
}
