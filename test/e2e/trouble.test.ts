import type { Client } from '@hubspot/api-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSystem } from '../../cdk/local/local-system.ts';
import { hubspot } from '../support/hubspot.ts';
import { api, givenLandingPage, type LandingPage, submit } from '../support/landing-page.ts';
import { testLocal } from '../support/local.ts';
import { expectVerified } from '../support/verified.ts';

let local: LocalSystem;
let client: Client;
let page: LandingPage;
beforeAll(async () => {
  local = await testLocal();
  client = hubspot(local);
  page = await givenLandingPage(local, client);
});
afterAll(() => local?.stop());

const admin = (method: string, path: string, body?: unknown) =>
  fetch(`${local.localUrl}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const send = (method: string, path: string, body: string) =>
  fetch(`${local.apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${local.accessToken}`, 'content-type': 'application/json' },
    body,
  });
const contacts = async () => (await client.crm.contacts.getAll(100)).length;

test.each([
  ['{"properties": {"email": "a@b.co"', 400, 'VALIDATION_ERROR'],
  ['[]', 400, 'VALIDATION_ERROR'],
  ['{"properties": "text"}', 400, 'VALIDATION_ERROR'],
  ['{"properties": {"email": ["a@b.co"]}}', 400, 'VALIDATION_ERROR'],
  [JSON.stringify({ properties: { lastname: 'x'.repeat(2_000_000) } }), 413, 'VALIDATION_ERROR'],
])('bad body %# is refused with its category, and nothing is written', async (body, status, category) => {
  const before = await contacts();
  const answer = await send('POST', '/crm/v3/objects/contacts', body);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ status: 'error', category, correlationId: expect.any(String) });
  expect(await contacts()).toBe(before);
});

test('a form post of 10 MB is refused as too large', async () => {
  const { status, body } = await submit(local, page, {
    email: 'large@example.co.jp',
    message: 'x'.repeat(10 * 1024 * 1024),
  });
  expect([status, (body.errors as { errorType: string }[])[0]?.errorType]).toEqual([400, 'INPUT_TOO_LARGE']);
});

test('a form that is asked too often answers 429, and later works again', async () => {
  const form = await api<{ configuration: Record<string, unknown> }>(
    local,
    'GET',
    `/marketing/v3/forms/${page.formId}`,
  );
  await api(local, 'PATCH', `/marketing/v3/forms/${page.formId}`, {
    configuration: { ...form.configuration, submissionLimits: { perIpPerMinute: 3, perFormPerMinute: 100 } },
  });
  const answers = [];
  for (let n = 0; n < 8; n += 1) answers.push(await submit(local, page, { email: `often${n}@example.co.jp` }));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]?.body).toMatchObject({ status: 'error', category: 'RATE_LIMITS' });
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);

  await admin('POST', '/clock', { advanceMs: 61_000 });
  expect((await submit(local, page, { email: 'later@example.co.jp' })).status).toBe(200);
});

test('a table that throttles for long makes a 503 with Retry-After; nothing is half written, and the repeat succeeds', async () => {
  const body = JSON.stringify({ properties: { email: 'throttled@example.co.jp' } });
  await admin('POST', '/faults', { service: 'dynamodb', kind: 'throttle', rate: 1, action: 'TransactWriteItems' });
  const refused = await send('POST', '/crm/v3/objects/contacts', body);
  await admin('DELETE', '/faults');
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);

  expect((await send('POST', '/crm/v3/objects/contacts', body)).status).toBe(201);
});

test('an answer that is lost after the commit is recognised: one contact, no conflict', async () => {
  await admin('POST', '/faults', {
    service: 'dynamodb',
    kind: 'timeoutAfterCommit',
    rate: 1,
    count: 2,
    action: 'TransactWriteItems',
  });
  const made = await send(
    'POST',
    '/crm/v3/objects/contacts',
    JSON.stringify({ properties: { email: 'lost@example.co.jp' } }),
  );
  await admin('DELETE', '/faults');
  expect(made.status).toBe(201);
});

test('the table agrees with itself at the end', () => expectVerified(local));
