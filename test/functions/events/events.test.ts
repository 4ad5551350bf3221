import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as createDefinition } from '../../../functions/events/create-definition.ts';
import { handler as createProperty } from '../../../functions/events/create-property.ts';
import { handler as getDefinition } from '../../../functions/events/get-definition.ts';
import { handler as list } from '../../../functions/events/list.ts';
import { handler as listDefinitions } from '../../../functions/events/list-definitions.ts';
import { handler as listTypes } from '../../../functions/events/list-types.ts';
import { handler as removeDefinition } from '../../../functions/events/remove-definition.ts';
import { handler as removeProperty } from '../../../functions/events/remove-property.ts';
import { handler as send } from '../../../functions/events/send.ts';
import { handler as sendBatch } from '../../../functions/events/send-batch.ts';
import { handler as updateDefinition } from '../../../functions/events/update-definition.ts';
import { handler as updateProperty } from '../../../functions/events/update-property.ts';
import { handler as createRecord } from '../../../functions/objects/create.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

let database: Database;
let contactId = '';
const name = 'pe24601001_report_opened';
const ask = (handler: unknown, given: object = {}) => call(handler, { headers: bearer(), ...given });
type Page = { results: { id: string; properties: object }[]; paging?: { next: { after: string; link: string } } };

beforeAll(async () => {
  database = await startDatabase();
  const made = await ask(createDefinition, {
    body: {
      label: 'レポート閲覧',
      name: 'report_opened',
      includeDefaultProperties: false,
      propertyDefinitions: [
        { name: 'report', label: 'レポート', type: 'string' },
        { name: 'pages', label: '頁数', type: 'number' },
      ],
    },
  });
  expect(made).toMatchObject({
    status: 201,
    body: { fullyQualifiedName: name, objectTypeId: expect.stringMatching(/^6-/) },
  });
  const contact = await ask(createRecord, {
    path: { objectType: 'contacts' },
    body: { properties: { lastname: '佐藤' } },
  });
  contactId = (contact.body as { id: string }).id;
});
afterAll(() => database.close());

const happened = (uuid: string, occurredAt: string, more: object = {}) => ({
  eventName: name,
  objectId: contactId,
  uuid,
  occurredAt,
  properties: { report: '月次', pages: 3 },
  ...more,
});

test('what happened is listed by the time when it happened, page by page, and once for each uuid', async () => {
  expect((await ask(send, { body: happened('b', '2026-11-02T00:00:00Z') })).status).toBe(204);
  expect((await ask(send, { body: happened('b', '2026-11-02T00:00:00Z') })).status).toBe(204);
  const inputs = [happened('c', '2026-11-03T00:00:00Z'), happened('a', '2026-11-01T00:00:00Z')];
  expect((await ask(sendBatch, { body: { inputs } })).status).toBe(204);

  for (const query of [
    { objectType: 'contact', objectId: contactId },
    { objectType: 'contact', objectId: contactId, eventType: name },
    { eventType: name },
  ] as Record<string, string>[]) {
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const { body } = await ask(list, {
        url: '/events/v3/events',
        query: { ...query, limit: '2', ...(after && { after }) },
      });
      const page = body as Page;
      ids.push(...page.results.map(({ id }) => id));
      after = page.paging?.next.after;
    } while (after);
    expect(ids, JSON.stringify(query)).toEqual(['c', 'b', 'a']);
  }
  const early = await ask(list, {
    query: { eventType: name, occurredBefore: '2026-11-02T12:00:00Z', sort: 'occurredAt', properties: 'pages' },
  });
  expect((early.body as Page).results.map(({ id, properties }) => [id, properties])).toEqual([
    ['a', { pages: '3' }],
    ['b', { pages: '3' }],
  ]);
  expect((await ask(list, { query: { eventType: name, id: 'a' } })).body).toMatchObject({ results: [{ id: 'a' }] });
});

test('an event of an address makes the contact', async () => {
  expect(
    (
      await ask(send, {
        body: happened('m', '2026-11-04T00:00:00Z', { objectId: undefined, email: 'm@example.co.jp' }),
      })
    ).status,
  ).toBe(204);
  expect(((await ask(list, { query: { eventType: name } })).body as Page).results[0]).toMatchObject({ id: 'm' });
});

test.each([
  ['an unknown event', { eventName: 'nothing' }, 404],
  ['an unknown property', { properties: { none: 'x' } }, 400],
  ['a value of another type', { properties: { pages: 'many' } }, 400],
  ['a value that is too long', { properties: { report: 'x'.repeat(65_537) } }, 400],
  ['no record', { objectId: undefined }, 400],
  ['a record that is not there', { objectId: '1' }, 404],
  ['a time that is none', { occurredAt: 'yesterday' }, 400],
])('%s is refused, alone and in a batch', async (_, more, status) => {
  const input = happened('wrong', '2026-11-05T00:00:00Z', more);
  expect((await ask(send, { body: input })).status).toBe(status);
  expect((await ask(sendBatch, { body: { inputs: [input] } })).status).toBe(status);
});

test('questions that cannot be answered are refused', async () => {
  expect((await ask(list, {})).status).toBe(400);
  expect((await ask(list, { query: { eventType: name, after: 'xyz' } })).status).toBe(400);
  expect((await ask(list, { query: { eventType: 'nothing' } })).status).toBe(404);
});

test('definitions and their properties are changed, listed and deleted', async () => {
  const path = { eventName: 'report_opened' };
  expect((await ask(updateDefinition, { path, body: { label: '閲覧' } })).body).toMatchObject({
    labels: { singular: '閲覧' },
  });
  expect((await ask(createProperty, { path, body: { label: 'Kind', type: 'string' } })).body).toMatchObject({
    name: 'kind',
  });
  expect((await ask(createProperty, { path, body: { label: 'Kind', type: 'string' } })).status).toBe(409);
  const property = { ...path, propertyName: 'kind' };
  expect((await ask(updateProperty, { path: property, body: { label: '種類' } })).body).toMatchObject({
    label: '種類',
  });
  expect((await ask(removeProperty, { path: property })).status).toBe(204);
  expect((await ask(updateProperty, { path: property, body: { label: '種類' } })).status).toBe(404);
  expect((await ask(listTypes)).body).toEqual({ eventTypes: [name] });
  expect((await ask(listDefinitions, { query: { searchString: '閲覧' } })).body).toMatchObject({
    total: 1,
    results: [{ properties: [] }],
  });
  expect((await ask(createDefinition, { body: { label: 'x', name: 'report_opened' } })).status).toBe(409);
  expect((await ask(removeDefinition, { path })).status).toBe(204);
  expect((await ask(getDefinition, { path })).status).toBe(404);
});
