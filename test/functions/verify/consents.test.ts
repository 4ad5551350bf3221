import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { choose } from '../../../lib/subscriptions/choose.ts';
import { subscriptionKey } from '../../../lib/table/keys.ts';
import { consentPartition, consentTextKey } from '../../../lib/table/preference-keys.ts';
import { type Database, startDatabase } from '../../support/database.ts';
import { disagreements } from '../../support/verified.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

const email = 'kei@example.co.jp';
const said = (scope: string, wanted: boolean, shownText?: string) =>
  choose(database.app, { email }, [
    { scope, wanted, choice: { source: 'PAGE' }, ...(shownText !== undefined && { shownText }) },
  ]);

test('what an address chose agrees with its ledger, until a row or a text is gone', async () => {
  await said('1', true, '受信する');
  await said('all', false);
  await said('2', true);
  expect(await disagreements(database)).toEqual([]);
  const Row = z.looseObject({ pk: z.string(), sk: z.string(), textHash: z.optional(z.string()) });
  const rows = await database.app.table.all({ pk: consentPartition(email) }, Row);
  expect(rows).toHaveLength(3);
  const textHash = rows.find((row) => row.textHash)?.textHash ?? '';
  await database.app.table.commit([{ remove: consentTextKey(textHash) }]);
  expect(await disagreements(database)).toMatchObject([{ check: 'consent', what: 'the text that was shown is gone' }]);
  for (const { pk, sk } of rows) await database.app.table.commit([{ remove: { pk, sk } }]);
  const found = await disagreements(database);
  expect(found.map(({ what }) => what).sort()).toEqual(
    ['1', '2', '3'].map((kind) => `no ledger row proves its choice of ${kind}`),
  );
  expect(JSON.stringify(found)).not.toContain(email);
  await database.app.table.commit([{ remove: subscriptionKey(email) }]);
  expect(await disagreements(database)).toEqual([]);
});
