import '../../support/environment.ts';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler } from '../../../functions/stream/project.ts';
import { appendEvent } from '../../../lib/table/event-log.ts';
import { countKey } from '../../../lib/table/keys.ts';
import { type Database, startDatabase } from '../../support/database.ts';
import { created } from '../../support/given.ts';
import { streamOf } from '../../support/stream.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

/** Makes every transaction that counts a record of this type fail. */
const poison = (objectType: string) =>
  database.app.table.commit([{ put: { ...countKey(objectType), records: 'no number' } }]);

test('an event that cannot be projected is left alone with its fault by and by', async () => {
  await poison('0-2');
  const events = [created('1'), created('2', { objectType: '0-2' })];
  await database.app.table.commit(events.map(appendEvent));
  const batch = streamOf(...events);
  const one = ({ Records }: DynamoDBStreamEvent, position: number) => ({
    Records: Records.slice(position, position + 1),
  });
  // The function fails, so that Lambda halves the batch: reported, it would come again whole until all of it is given up.
  await expect(handler(batch)).rejects.toThrow('first event');
  expect(await handler(one(batch, 0))).toEqual({ batchItemFailures: [] });
  expect(await handler(one(batch, 1))).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
});
