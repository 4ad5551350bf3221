import { bringAttributionUpToDate } from '../../lib/attribution/apply.ts';
import { readAttribution } from '../../lib/attribution/query.ts';
import { type App, app } from '../../lib/core/app.ts';
import { createRecord, updateRecord } from '../../lib/objects/store.ts';
import { inParallel } from '../../lib/table/in-parallel.ts';
import { Meter } from '../../lib/table/meter.ts';
import { Batch } from '../../lib/tracking/batch.ts';
import { collect } from '../../lib/tracking/collect.ts';
import { linkByForm } from '../../lib/tracking/link-store.ts';
import { refreshContact } from '../../lib/tracking/refresh.ts';
import { startDatabase } from '../support/database.ts';
import { givenLinkKeys, hutk, view } from '../support/tracking.ts';

export type TrackingCost = {
  readonly what: string;
  readonly calls: number;
  readonly rru: number;
  readonly wru: number;
};

const page = 'https://lp.example.co.jp/';
const first = {
  hs_analytics_source: 'PAID_SEARCH',
  hs_analytics_first_touch_converting_campaign: 'spring',
  hs_analytics_first_url: page,
  hs_analytics_first_timestamp: '2026-11-01T00:00:00.000Z',
};

/** Calls and units of a page view, of what a contact is told, and of the attribution by the size of the projector's batch. */
export async function measureTracking(): Promise<TrackingCost[]> {
  const secrets = givenLinkKeys();
  const database = await startDatabase();
  const costs: TrackingCost[] = [];
  const measure = async (what: string, run: (own: App) => Promise<unknown>, per = 1) => {
    const meter = new Meter();
    await run(app({ actor: { kind: 'system', id: 'bench' }, meter }));
    costs.push({ what, calls: meter.calls / per, rru: meter.rru / per, wru: meter.wru / per });
  };
  const tell = (cookie: string, path: string) => (own: App) =>
    collect(own, Batch.parse({ hutk: cookie, events: [view(`${page}${path}`, { referrer: page })] }), '203.0.113.7');
  try {
    const cookie = hutk();
    await measure('first page view of a site', tell(hutk(), ''));
    await measure('first page view of a visitor', tell(cookie, ''));
    await measure('further page view', tell(cookie, 'a'));
    const { id } = await createRecord(database.app, '0-1', { lastname: '計測' });
    await measure('a form links the visitor', (own) => linkByForm(own, cookie, { contactId: id, sentAt: own.now() }));
    await measure('the contact is told (first time)', (own) => refreshContact(own, id));
    await measure('page view of a contact', tell(cookie, 'b'));
    await measure('further page view of a contact', tell(cookie, 'c'));
    await measure('the contact is told of page views', (own) => refreshContact(own, id));
    for (const size of [1, 100]) {
      const ids = await inParallel(
        Array.from({ length: size }),
        8,
        async () => (await createRecord(database.app, '0-1', {})).id,
      );
      const refs = ids.map((each) => ({ objectType: '0-1', id: each }));
      const look = (own: App) => bringAttributionUpToDate(own, refs);
      await measure(`attribution: new contact, batch of ${size}`, look, size);
      await inParallel(ids, 8, (each) => updateRecord(database.app, '0-1', { id: each }, {}, { system: () => first }));
      await measure(`attribution: its first touch is known, batch of ${size}`, look, size);
    }
    await measure('attribution by source, 30 days', (own) => readAttribution(own, { by: 'source' }));
  } finally {
    await database.close();
    secrets.restore();
  }
  return costs;
}
