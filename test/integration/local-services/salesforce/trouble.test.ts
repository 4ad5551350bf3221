import { expect, test } from 'vitest';
import { aLead, inCollection, orgStand } from './stand.ts';

const stand = orgStand();
const limits = () => stand.org.call<{ errorCode: string; message: string }[]>('GET', '/limits');
const fault = (fault: Record<string, unknown>) =>
  fetch(`${stand.local.localUrl}/faults`, {
    method: 'POST',
    body: JSON.stringify({ service: 'salesforce', ...fault }),
  });
const count = async (email: unknown) =>
  (await stand.org.query(`SELECT Id FROM Lead WHERE Email = '${email}'`)).body.totalSize;

test.each([
  ['LOCKED', 'UNABLE_TO_LOCK_ROW'],
  ['INVALID', 'FIELD_CUSTOM_VALIDATION_EXCEPTION'],
  ['DUPLICATE', 'DUPLICATES_DETECTED'],
  ['ENTITY_IS_DELETED', 'ENTITY_IS_DELETED'],
  ['CONVERTED', 'CANNOT_UPDATE_CONVERTED_LEAD'],
  ['INSUFFICIENT_ACCESS_OR_READONLY', 'INSUFFICIENT_ACCESS_OR_READONLY'],
])('%s refuses the rows that are named with %s', async (kind, statusCode) => {
  const [struck, spared] = [aLead(), aLead()];
  await stand.org.admin('POST', '/trouble', { kind, sobject: 'Lead', emails: [String(struck.Email).toUpperCase()] });
  const { status, body } = await stand.org.call('POST', '/composite/sobjects', {
    records: [struck, spared].map((lead) => inCollection('Lead', lead)),
  });
  expect(status).toBe(200);
  expect(body).toMatchObject([{ success: false, errors: [{ statusCode }] }, { success: true }]);
});

test('trouble of a row is over after its count, and may wait for the nth', async () => {
  await stand.org.admin('POST', '/trouble', { kind: 'LOCKED', count: 2, nth: 2 });
  const answers = [];
  for (let row = 0; row < 5; row += 1) answers.push((await stand.org.call('POST', '/sobjects/Lead', aLead())).status);
  expect(answers).toEqual([201, 400, 400, 201, 201]);
  expect((await stand.org.admin<unknown[]>('GET', '/trouble')).body).toMatchObject([{ kind: 'LOCKED', hits: 2 }]);
});

test('trouble at a rate strikes the same rows for the same seed', async () => {
  const run = async () => {
    await stand.org.admin('DELETE', '/trouble');
    await stand.org.admin('POST', '/trouble', { kind: 'LOCKED', rate: 0.5, seed: 7 });
    const { body } = await stand.org.call<{ success: boolean }[]>('POST', '/composite/sobjects', {
      records: Array.from({ length: 50 }, () => inCollection('Lead', aLead())),
    });
    return body.map(({ success }) => (success ? '-' : 'x')).join('');
  };
  const first = await run();
  expect(await run()).toBe(first);
  expect(first).toContain('x');
  expect(first).toContain('-');
});

test('sessions end at the nth call', async () => {
  await stand.org.admin('POST', '/trouble', { kind: 'SESSION_EXPIRED', nth: 2 });
  expect((await limits()).status).toBe(200);
  expect(await limits()).toMatchObject({ status: 401, body: [{ errorCode: 'INVALID_SESSION_ID' }] });
  expect((await limits()).status).toBe(401);
  await stand.org.login();
  expect((await limits()).status).toBe(200);
});

test('the org may be down, over its limit, or cut its answers', async () => {
  await stand.org.admin('POST', '/trouble', { kind: 'DOWN', count: 1 });
  expect(await limits()).toMatchObject({ status: 503, body: expect.stringContaining('<html>') });
  await stand.org.admin('POST', '/trouble', { kind: 'DAILY_LIMIT', count: 1 });
  expect(await limits()).toMatchObject({
    status: 403,
    body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }],
  });
  const lead = aLead();
  await stand.org.admin('POST', '/trouble', { kind: 'CUT_BODY', count: 1 });
  await expect(stand.org.call('POST', '/sobjects/Lead', lead)).rejects.toThrow();
  expect(await count(lead.Email)).toBe(1);
});

test('trouble that does not exist is refused', async () => {
  expect((await stand.org.admin('POST', '/trouble', { kind: 'EXPLODE' })).status).toBe(400);
  expect((await stand.org.admin('POST', '/trouble', { kind: 'LOCKED', who: 'x' })).status).toBe(400);
});

test('a fault of the local services breaks a call before or after it was done', async () => {
  const [dropped, lost] = [aLead(), aLead()];
  await fault({ kind: 'drop', count: 1, action: 'create' });
  await expect(stand.org.call('POST', '/sobjects/Lead', dropped)).rejects.toThrow();
  await fault({ kind: 'timeoutAfterCommit', count: 1, action: 'create' });
  await expect(stand.org.call('POST', '/sobjects/Lead', lost)).rejects.toThrow();
  expect([await count(dropped.Email), await count(lost.Email)]).toEqual([0, 1]);
});

test('a fault may be a page of HTML, a throttle, or time', async () => {
  await fault({ kind: 'error', count: 1 });
  expect(await limits()).toMatchObject({ status: 503, body: expect.stringContaining('<html>') });
  await fault({ kind: 'throttle', count: 10, seed: 1 });
  const statuses = new Set<number>();
  for (let call = 0; call < 10; call += 1) statuses.add((await limits()).status);
  expect([...statuses].sort()).toEqual([403, 503]);
  const began = performance.now();
  await fault({ kind: 'latency', latencyMs: 150, count: 1 });
  expect((await limits()).status).toBe(200);
  expect(performance.now() - began).toBeGreaterThan(140);
});

test('calls are counted by kind, a composite one once, and the daily limit stops them', async () => {
  await stand.org.admin('DELETE', '/calls');
  await limits();
  await stand.org.query('SELECT Id FROM User');
  await stand.org.call('POST', '/composite', {
    compositeRequest: ['a', 'b'].map((referenceId) => ({
      method: 'GET',
      url: '/services/data/v63.0/limits',
      referenceId,
    })),
  });
  await stand.org.login();
  expect((await stand.org.admin('GET', '/calls')).body).toEqual({
    total: 3,
    logins: 1,
    byKind: { composite: 1, limits: 1, query: 1 },
  });
  await stand.org.admin('PUT', '/org', { dailyLimit: 5 });
  const fourth = await limits();
  expect(fourth.headers.get('sforce-limit-info')).toBe('api-usage=4/5');
  expect(fourth.body).toMatchObject({ DailyApiRequests: { Max: 5, Remaining: 1 } });
  expect((await limits()).status).toBe(200);
  expect(await limits()).toMatchObject({ status: 403, body: [{ message: 'TotalRequests Limit exceeded.' }] });
  await fetch(`${stand.local.localUrl}/clock`, { method: 'POST', body: JSON.stringify({ advanceMs: 25 * 3_600_000 }) });
  await stand.org.login();
  expect((await limits()).status).toBe(200);
  await stand.org.admin('PUT', '/org', { dailyLimit: 100_000 });
});
