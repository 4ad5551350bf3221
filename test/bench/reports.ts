import { app } from '../../lib/core/app.ts';
import { createRecord, updateRecord } from '../../lib/objects/store.ts';
import { compileReport } from '../../lib/reports/definition.ts';
import { projectReports } from '../../lib/reports/project.ts';
import { ReportInput } from '../../lib/reports/schema.ts';
import type { StreamedEvent } from '../../lib/stream/event-record.ts';
import { inParallel } from '../../lib/table/in-parallel.ts';
import { reportListenerKey } from '../../lib/table/keys.ts';
import { Meter } from '../../lib/table/meter.ts';
import { startDatabase } from '../support/database.ts';

/** What the projector pays for one event that a report counts. */
export type ReportCost = { readonly what: string; readonly rru: number; readonly wru: number };

const weekly = ReportInput.parse({
  name: 'bench',
  objectType: 'tickets',
  filterGroups: [{ filters: [{ propertyName: 'hs_pipeline', operator: 'IN', values: ['0', '107'] }] }],
  measure: { type: 'COUNT' },
  groupBy: [{ date: 'createdate', unit: 'week' }, { property: 'hs_pipeline' }],
});

/** Write and read units for each counted event, by the size of the batch and by what happened to the ticket. */
export async function measureReports(): Promise<ReportCost[]> {
  const database = await startDatabase();
  const own = database.app;
  const report = {
    id: '1',
    generation: 1,
    version: 1,
    jobId: '1',
    createdAt: own.now(),
    updatedAt: own.now(),
    ...(await compileReport(own, weekly)),
  };
  await own.table.commit([{ put: { ...reportListenerKey('0-5', report.id), ...report } }]);
  const costs: ReportCost[] = [];
  const measure = async (what: string, events: readonly Event[]) => {
    const meter = new Meter();
    await projectReports(app({ actor: { kind: 'system', id: 'bench' }, meter }), events);
    costs.push({ what, rru: meter.rru / events.length, wru: meter.wru / events.length });
  };
  const change = (ids: readonly string[], properties: Record<string, string>) =>
    inParallel(ids, 8, (id) => updateRecord(own, '0-5', { id }, properties));
  try {
    for (const size of [1, 100]) {
      const ids = await tickets(size);
      const of = `batch of ${size}`;
      await measure(`new ticket, ${of}`, eventsOf('record.created', ids));
      await measure(`event delivered again, ${of}`, eventsOf('record.created', ids));
      await change(ids, { hs_pipeline: '107', hs_pipeline_stage: '10701' });
      await measure(`to another pipeline, ${of}`, eventsOf('record.updated', ids, ['hs_pipeline']));
      await change(ids, { content: '追記' });
      await measure(`edit that no report looks at, ${of}`, eventsOf('record.updated', ids, ['content']));
    }
  } finally {
    await database.close();
  }
  return costs;

  function tickets(count: number): Promise<string[]> {
    const properties = { subject: '問合せ', hs_pipeline: '0', hs_pipeline_stage: '1' };
    return inParallel(Array.from({ length: count }), 8, async () => (await createRecord(own, '0-5', properties)).id);
  }
}

type Event = Pick<StreamedEvent, 'type' | 'detail'>;

const eventsOf = (type: string, ids: readonly string[], changed: readonly string[] = []): Event[] =>
  ids.map((recordId) => ({
    type,
    detail: {
      id: `event ${recordId}`,
      version: 1,
      objectType: '0-5',
      recordId,
      occurredAt: new Date().toISOString(),
      actor: { kind: 'system', id: 'bench' },
      cause: [],
      changes: Object.fromEntries(changed.map((name) => [name, [null, 'x']])),
    },
  }));
