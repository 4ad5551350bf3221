import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { associate } from '../../lib/associations/store.ts';
import { type App, app } from '../../lib/core/app.ts';
import { listBackfill } from '../../lib/lists/dynamic/backfill.ts';
import { projectLists } from '../../lib/lists/dynamic/project.ts';
import type { StoredList } from '../../lib/lists/schema.ts';
import { createRecord, updateRecord } from '../../lib/objects/store.ts';
import type { StreamedEvent } from '../../lib/stream/event-record.ts';
import { inParallel } from '../../lib/table/in-parallel.ts';
import { Meter } from '../../lib/table/meter.ts';
import { startDatabase } from '../support/database.ts';
import { allOf, associatedWith, property, storeList } from '../support/dynamic-lists.ts';

/** What lists that follow their filters cost: `records` looked at, each for one or more lists. */
export type ListCost = {
  readonly what: string;
  readonly perSecond: number;
  /** For each event, or each record of a back-fill. */
  readonly rru: number;
  readonly wru: number;
};

const isIn = (city: string) =>
  property('city', { operationType: 'ENUMERATION', operator: 'IS_ANY_OF', values: [city] });
const batch = 100;

/** Events of contacts with twenty lists, and back-fills of lists that look at the record alone or at its companies. */
export async function measureLists(records: number): Promise<ListCost[]> {
  const sqs = mockClient(SQSClient);
  sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
  const database = await startDatabase();
  const own = database.app;
  const costs: ListCost[] = [];
  const measure = async (what: string, count: number, work: (metered: App) => Promise<void>) => {
    const meter = new Meter();
    const begun = performance.now();
    await work(app({ actor: { kind: 'system', id: 'bench' }, meter }));
    const perSecond = count / ((performance.now() - begun) / 1000);
    costs.push({ what, perSecond, rru: meter.rru / count, wru: meter.wru / count });
  };
  try {
    const cities = Array.from({ length: 20 }, (_, n) => `市${n}`);
    const ids = await inParallel(Array.from({ length: records }), 8, async (_, n) => {
      return (await createRecord(own, '0-1', { lastname: '田中', city: cities[n % 20] ?? '' })).id;
    });
    const firm = { objectType: '0-2', id: (await createRecord(own, '0-2', { name: '会社', city: '市1' })).id };
    await inParallel(ids.slice(0, 200), 8, (id) => associate(own, { objectType: '0-1', id }, firm, 'default'));
    const alone = await storeList(own, allOf([isIn('市1')]));
    await measure('back-fill: of the record alone, 1 in 20 meets it', records, (metered) => backfill(metered, alone));
    await measure('back-fill again: nothing to change', records, (metered) => backfill(metered, alone));
    const byFirm = await storeList(own, allOf([], [associatedWith('0-2', 279, [isIn('市1')])]));
    await measure('back-fill: by what is associated', records, (metered) => backfill(metered, byFirm));
    for (const city of cities.slice(2)) await storeList(own, allOf([isIn(city)]));
    const some = ids.slice(0, batch * 5);
    await measure('20 lists: a new contact, it comes into one', some.length, (metered) =>
      told(metered, 'record.created', some),
    );
    await inParallel(some, 8, (id) => updateRecord(own, '0-1', { id }, { city: '市7' }));
    await measure('20 lists: it moves from one to another', some.length, (metered) =>
      told(metered, 'record.updated', some),
    );
    await measure('20 lists: the event comes again', some.length, (metered) => told(metered, 'record.updated', some));
    await measure('20 lists: an edit that none looks at', some.length, (metered) =>
      told(metered, 'record.updated', some, 'phone'),
    );
    await updateRecord(own, '0-2', firm, { city: '市2' });
    const company = { type: 'record.updated', detail: { ...detailOf(firm.id, 'city'), objectType: '0-2' } };
    await measure('a company of 200 contacts moves: each contact', 200, (metered) => projectLists(metered, [company]));
  } finally {
    await database.close();
    sqs.restore();
  }
  return costs;
}

async function backfill(metered: App, { listId, generation }: StoredList): Promise<void> {
  const job = { input: { listId, generation } } as unknown as Parameters<typeof listBackfill.run>[1];
  let slice = await listBackfill.run(metered, job);
  while (!slice.done) slice = await listBackfill.run(metered, { ...job, cursor: slice.cursor });
}

type Event = Pick<StreamedEvent, 'type' | 'detail'>;

async function told(metered: App, type: string, ids: readonly string[], changed = 'city'): Promise<void> {
  const events = ids.map((id): Event => ({ type, detail: detailOf(id, changed) }));
  for (let start = 0; start < events.length; start += batch)
    await projectLists(metered, events.slice(start, start + batch));
}

const detailOf = (recordId: string, changed: string): Event['detail'] => ({
  id: `event ${recordId}`,
  version: 1,
  objectType: '0-1',
  recordId,
  occurredAt: new Date().toISOString(),
  actor: { kind: 'system', id: 'bench' },
  cause: [],
  changes: { [changed]: [null, 'x'] },
});
