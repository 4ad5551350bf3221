import { RecordUpdated } from '../../events/record.ts';
import type { App } from '../core/app.ts';
import type { StreamedEvent } from '../stream/event-record.ts';
import { inParallel } from '../table/in-parallel.ts';
import { reportListenerPartition } from '../table/keys.ts';
import { bringUpToDate } from './apply.ts';
import { concerns } from './contribution.ts';
import type { Task } from './contribution-store.ts';
import { Report } from './schema.ts';

type Told = Pick<StreamedEvent, 'type' | 'detail'>;

const readsAtOnce = 4;

/**
 * Brings the reports up to these events. The reports of a type are read after the invocation began, so that a report that was made
 * before an event always hears of it; what happened before a report was made is the business of its back-fill.
 */
export async function projectReports(app: App, events: readonly Told[]): Promise<void> {
  const told = events.filter(({ type }) => type.startsWith('record.'));
  const types = [...new Set(told.map(({ detail }) => detail.objectType))];
  const reports = new Map(
    await inParallel(types, readsAtOnce, async (objectType) => [objectType, await reportsOf(app, objectType)] as const),
  );
  await bringUpToDate(app, tasksOf(told, reports));
}

const reportsOf = (app: App, objectType: string): Promise<Report[]> =>
  app.table.all({ pk: reportListenerPartition(objectType) }, Report);

/** Each record once for each report that an event may move it in, however many events tell of it. */
function tasksOf(events: readonly Told[], reports: ReadonlyMap<string, readonly Report[]>): Task[] {
  const tasks = new Map<string, Task>();
  for (const { type, detail } of events) {
    const { objectType, recordId: id } = detail;
    const changed = type === RecordUpdated.type ? Object.keys((detail.changes ?? {}) as object) : undefined;
    for (const report of reports.get(objectType) ?? []) {
      if (concerns(report, changed))
        tasks.set(`${report.id}\n${objectType}\n${id}`, { ref: { objectType, id }, report });
    }
  }
  return [...tasks.values()];
}
