import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { defineJob } from '../jobs/kind.ts';
import { ListedAfter, livePage } from '../objects/record-pages.ts';
import { attributes } from '../table/conditions.ts';
import { StaleRead } from '../table/contention.ts';
import { reportKey } from '../table/keys.ts';
import { ConditionFailed } from '../table/table.ts';
import { bringUpToDate } from './apply.ts';
import { backfillKind } from './job-kinds.ts';
import { findReport } from './read-store.ts';
import { type Report, walkedBy } from './schema.ts';

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
    const { refs, after } = await livePage(app, walkedBy(report), {
      limit: recordsPerSlice,
      ...(cursor && { after: cursor }),
    });
    await bringUpToDate(
      app,
      refs.map((ref) => ({ ref, report })),
    );
    if (!after) await markReady(app, report);
    return { done: !after, processed: refs.length, ...(after && { cursor: after }) };
  },
});

/** Notes that the back-fill of a generation is done. Nothing happens when the report is of another generation by now, or gone. */
async function markReady(app: App, { id, generation }: Pick<Report, 'id' | 'generation'>): Promise<void> {
  const note = {
    update: reportKey(id),
    set: { ready: generation },
    add: { version: 1 },
    when: attributes({ generation }),
  };
  try {
    await app.table.commit([note]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    if ((await findReport(app, id))?.generation === generation) throw new StaleRead('The report was changed meanwhile');
  }
}
