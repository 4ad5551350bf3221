import { afterAll, expect, test } from 'vitest';
import { startStand } from './stand.ts';

const stand = await startStand();
afterAll(() => stand.stop());

const contacts = { objectType: 'contacts' };
const create = (properties: Record<string, unknown>) =>
  stand.request('objects/create', { path: contacts, body: { properties } });
const get = (objectId: string, query: Record<string, string> = {}) =>
  stand.request('objects/get', { path: { ...contacts, objectId }, query });

test('a first page may be asked for with an empty cursor', async () => {
  expect((await stand.request('objects/list', { path: contacts, query: { after: '' } })).status).toBe(200);
  expect((await stand.request('objects/list', { path: contacts, query: { after: 'x' } })).status).toBe(400);
});

test('a limit, or a value of a wrong kind, is told with what may be', async () => {
  const { body } = await stand.request('objects/list', { path: contacts, query: { limit: '101' } });
  expect(body.message).toBe('Invalid input: limit: must be at most 100');
  const answer = await stand.request('objects/create', { path: contacts, body: { properties: { city: ['x'] } } });
  expect(answer.body.message).toContain('properties.city: must be a string, a number, a boolean or null');
});

test('an id or a value that is longer than any can be is not found', async () => {
  const endless = '9'.repeat(3000);
  expect((await get(endless)).status).toBe(404);
  expect((await get(endless, { idProperty: 'email' })).status).toBe(404);
  expect((await stand.request('owners/get', { path: { ownerId: endless } })).status).toBe(404);
});

test('half a character is stored as it is answered', async () => {
  const { body } = await create({ city: '\ud842x' });
  expect(body.properties?.city).toBe('\ufffdx');
  expect((await get(String(body.id), { properties: 'city' })).body.properties?.city).toBe('\ufffdx');
});

test('a ticket has its id as a property, and may be older than its record', async () => {
  const path = { objectType: 'tickets' };
  const properties = { subject: '移行', createdate: '2020-01-02T03:04:05Z' };
  const { status, body } = await stand.request('objects/create', { path, body: { properties } });
  expect(status).toBe(201);
  expect(body.properties).toMatchObject({ hs_ticket_id: body.id, createdate: '2020-01-02T03:04:05.000Z' });
  expect(Date.parse(String(body.createdAt))).toBeGreaterThan(Date.parse('2026-01-01'));
});
