import * as z from 'zod/mini';
import { defineJob } from '../jobs/kind.ts';
import { bringUpToDate } from './apply.ts';
import { backfillKind } from './job-kinds.ts';
import { ListedAfter, livePage } from './record-pages.ts';
import { findReport, markReady } from './store.ts';

const recordsPerSlice = 200;

/**
 * Counts the records that were there before a report was. It runs beside the projector, which hears of every change since, and both do
 * the same: bring a record up to date as it is now. A record is found here or was made after the report, or both; twice changes nothing.
 */
export const reportBackfill = defineJob({
  kind: backfillKind,
  input: z.object({ reportId: z.string(), generation: z.number() }),
  cursor: ListedAfter,
  slice: async (app, { input, cursor }) => {
    const report = await findReport(app, input.reportId);
    if (report?.generation !== input.generation) return { done: true, processed: 0 };
    const { refs, after } = await livePage(app, report, { limit: recordsPerSlice, ...(cursor && { after: cursor }) });
    await bringUpToDate(
      app,
      refs.map((ref) => ({ ref, report })),
    );
    if (!after) await markReady(app, report);
    return { done: !after, processed: refs.length, ...(after && { cursor: after }) };
  },
});
