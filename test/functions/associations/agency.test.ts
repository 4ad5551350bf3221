import { afterAll, beforeAll, expect, test } from 'vitest';
import { associateAgency } from '../../../lib/associations/agency.ts';
import { listAssociated } from '../../../lib/associations/store.ts';
import { loadAssociationTypes } from '../../../lib/associations/type-store.ts';
import { readRecord } from '../../../lib/objects/read-store.ts';
import { archiveRecord, createRecord } from '../../../lib/objects/store.ts';
import { type Database, startDatabase } from '../../support/database.ts';

let database: Database;
let made = 0;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

async function deal(properties: Readonly<Record<string, string>>): Promise<string> {
  made += 1;
  return (await createRecord(database.app, '0-3', { dealname: `取引${made}`, ...properties })).id;
}
const company = (properties: Readonly<Record<string, string>>) => createRecord(database.app, '0-2', properties);
async function companiesOf(id: string) {
  const { items } = await listAssociated(database.app, { objectType: '0-3', id }, '0-2', { limit: 10 });
  const types = await loadAssociationTypes(database.app, { fresh: true });
  return items.map(({ to, typeIds }) => ({
    id: to.id,
    labels: typeIds.flatMap((each) => types.byId(each)?.label ?? []),
  }));
}

test('a deal through an agency gets the agency of that name, in any width, with the label 代理店', async () => {
  await company({ name: 'ABC広告' });
  const agency = await company({ name: 'ＡＢＣ広告', is_agency: 'true' });
  const id = await deal({ via_agency: 'true', agency_name: 'abc広告' });
  await associateAgency(database.app, id);
  await associateAgency(database.app, id);
  expect(await companiesOf(id)).toEqual([{ id: agency.id, labels: ['代理店'] }]);
});

test('an agency that nobody knows is made once, however many deals name it at once', async () => {
  const ids = await Promise.all([1, 2, 3, 4].map(() => deal({ via_agency: 'true', agency_name: '新しい代理店' })));
  await Promise.all([...ids, ...ids].map((id) => associateAgency(database.app, id)));
  const found = await Promise.all(ids.map(companiesOf));
  const [first] = found.flat();
  expect(found).toEqual(ids.map(() => [{ id: first?.id, labels: ['代理店'] }]));
  const agency = await readRecord(database.app, '0-2', { id: first?.id ?? '' });
  expect(agency?.properties).toMatchObject({ name: '新しい代理店', is_agency: 'true' });
});

test('a deal that is through none, names none, or is gone, is left alone', async () => {
  const ids = [await deal({ agency_name: '直販' }), await deal({ via_agency: 'true' })];
  const gone = await deal({ via_agency: 'true', agency_name: '消えた' });
  await archiveRecord(database.app, '0-3', gone);
  for (const id of [...ids, gone]) {
    await associateAgency(database.app, id);
    expect(await companiesOf(id)).toEqual([]);
  }
});
