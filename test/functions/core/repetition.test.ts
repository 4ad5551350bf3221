import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { handler as createEvents } from '../../../functions/app-events/batch-create-events.ts';
import { handler as createTemplate } from '../../../functions/app-events/create-template.ts';
import { handler as createDefinition } from '../../../functions/events/create-definition.ts';
import { handler as sendEvents } from '../../../functions/events/send-batch.ts';
import { handler as createEngagement } from '../../../functions/legacy/create-engagement.ts';
import { hashToken } from '../../../lib/core/token.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import { idempotencyKey } from '../../../lib/table/idempotency-keys.ts';
import { typeListing } from '../../../lib/table/keys.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

let database: Database;
let contactId = '';
beforeAll(async () => {
  database = await startDatabase();
  contactId = (await createRecord(database.app, '0-1', { lastname: '佐藤' })).id;
});
afterAll(() => database.close());

/** The first run dies after its writes, before it can keep its answer; the client sends the request again. */
async function twice(handler: unknown, key: string, body: object) {
  const request = { headers: { ...bearer(), 'idempotency-key': key }, body };
  const first = await call(handler, request);
  await database.app.table.commit([
    {
      update: idempotencyKey(hashToken(`token:1\n${key}`)),
      set: { state: 'RUNNING', leaseUntil: '2020-01-01T00:00:00.000Z' },
      unset: ['reply'],
    },
  ]);
  return { first, second: await call(handler, request) };
}
const logged = async (type: string) =>
  (await database.app.table.all({ pk: `0-1#${contactId}`, prefix: 'event#' }, z.object({ type: z.string() }))).filter(
    (event) => event.type === type,
  );

test('an engagement is made once', async () => {
  const { first, second } = await twice(createEngagement, 'e1', {
    engagement: { type: 'NOTE' },
    metadata: { body: '架電しました' },
  });
  expect(second).toMatchObject({
    status: 200,
    body: { engagement: (first.body as { engagement: object }).engagement },
  });
  const notes = await database.app.table.all({ pk: typeListing('0-46', false), index: 'gsi1' }, z.object({}));
  expect(notes).toHaveLength(1);
});

test('custom events without a uuid are logged once, equal ones of one request each', async () => {
  const made = await call(createDefinition, {
    headers: bearer(),
    body: { label: '閲覧', name: 'opened', includeDefaultProperties: false, propertyDefinitions: [] },
  });
  const { fullyQualifiedName: eventName } = made.body as { fullyQualifiedName: string };
  const input = { eventName, objectId: contactId, properties: {} };
  const { second } = await twice(sendEvents, 'e2', { inputs: [input, input] });
  expect(second.status).toBe(204);
  expect(await logged('custom-event.occurred')).toHaveLength(2);
});

test("an app's events are logged once, and one whose id another request used is refused both times", async () => {
  const template = await call(createTemplate, {
    headers: bearer(),
    path: { appId: '77' },
    body: { name: '参加', objectType: 'contacts', tokens: [] },
  });
  const input = { eventTemplateId: (template.body as { id: string }).id, objectId: contactId, tokens: {} };
  await call(createEvents, { headers: bearer(), body: { inputs: [{ ...input, id: 'taken' }] } });
  const inputs = [input, { ...input, id: 'mine' }, { ...input, id: 'taken' }];
  const { first, second } = await twice(createEvents, 'e3', { inputs });
  const ids = ({ body }: typeof first) => (body as { results: { id: string }[] }).results.map(({ id }) => id);
  expect(second.status).toBe(207);
  expect(ids(second)).toEqual(ids(first));
  expect(second.body).toMatchObject({ numErrors: 1 });
  expect(await logged('timeline-event.created')).toHaveLength(3);
});
