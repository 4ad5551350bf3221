import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Stand, startStand } from './stand.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await startStand();
  await stand.connect();
  await stand.sync();
});
afterAll(() => stand?.stop());
afterEach(async () => {
  await stand.calm();
  await fetch(`${stand.local.localUrl}/faults`, { method: 'DELETE' });
  await stand.org.admin('PUT', '/org', { clockSkewMs: 0, dailyLimit: 100_000 });
});

const leadsOf = (email: string) => stand.sf.where('Lead', `Email = '${email}'`);
const fault = (kind: string, more: Record<string, unknown> = {}) =>
  fetch(`${stand.local.localUrl}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ service: 'salesforce', kind, rate: 1, ...more }),
  });

async function linked(email: string): Promise<{ id: string; lead: string }> {
  const id = await stand.create({ email, lastname: '難' });
  await stand.sync();
  return { id, lead: (await leadsOf(email))[0]?.Id ?? '' };
}

test('a session that ends in the middle of a run is renewed once, and the run goes on', async () => {
  await stand.create({ email: 'session@example.co.jp', lastname: '会' });
  await stand.idle();
  await stand.trouble({ kind: 'SESSION_EXPIRED', nth: 3 });
  expect(await stand.sync()).toMatchObject({ status: 'COMPLETED', pushed: 1 });
  expect(await leadsOf('session@example.co.jp')).toHaveLength(1);
});

test('rows that are refused keep no other out; each is shown once with its reason, and goes when it succeeds', async () => {
  const kinds = [
    ['LOCKED', 'CUSTOM_CODE', 'UNABLE_TO_LOCK_ROW'],
    ['INVALID', 'CUSTOM_CODE', 'FIELD_CUSTOM_VALIDATION_EXCEPTION'],
    ['DUPLICATE', 'DUPLICATES', 'DUPLICATES_DETECTED'],
    ['INSUFFICIENT_ACCESS_OR_READONLY', 'PERMISSIONS', 'INSUFFICIENT_ACCESS_OR_READONLY'],
  ] as const;
  const address = (kind: string) => `row.${kind.toLowerCase()}@example.co.jp`;
  for (const [kind] of kinds) {
    await stand.create({ email: address(kind), lastname: kind });
    await stand.trouble({ kind, emails: [address(kind)] });
  }
  await stand.create({ email: 'row.fine@example.co.jp', lastname: '無事' });
  expect(await stand.sync()).toMatchObject({ status: 'COMPLETED', pushed: 1, errors: 4 });
  expect(await leadsOf('row.fine@example.co.jp')).toHaveLength(1);
  const errors = await stand.errors();
  expect(errors.map(({ category, code }) => `${category} ${code}`).sort()).toEqual(
    kinds.map(([, category, code]) => `${category} ${code}`).sort(),
  );
  const [duplicate] = await stand.errors('?category=DUPLICATES');
  expect(duplicate).toMatchObject({ attempts: 1, recordId: expect.any(String) });
  await stand.retry(duplicate?.id ?? '');
  await stand.idle();
  expect(await stand.errors('?category=DUPLICATES')).toMatchObject([{ id: duplicate?.id, attempts: 2 }]);
  await stand.calm();
  await stand.advance(30 * 60_000);
  await stand.idle();
  await stand.sync();
  expect(await stand.errors()).toEqual([]);
  for (const [kind] of kinds) expect(await leadsOf(address(kind))).toHaveLength(1);
});

test('a row that is locked for a moment is sent again by the same run', async () => {
  await stand.create({ email: 'locked@example.co.jp', lastname: '鍵' });
  await stand.trouble({ kind: 'LOCKED', emails: ['locked@example.co.jp'], count: 2 });
  expect(await stand.sync()).toMatchObject({ pushed: 1, errors: 0 });
});

test('an update that finds its record deleted or converted is followed to where it is', async () => {
  const { id, lead } = await linked('late.convert@example.co.jp');
  await stand.org.admin('POST', `/leads/${lead}/convert`, {});
  await stand.change(id, { jobtitle: '後' });
  expect(await stand.sync()).toMatchObject({ errors: 0 });
  expect(await stand.sf.where('Contact', "Email = 'late.convert@example.co.jp'")).toMatchObject([{ Title: '後' }]);
  expect(await leadsOf('late.convert@example.co.jp')).toMatchObject([{ Title: null }]);
});

test.each([
  ['an answer that breaks off', () => stand.trouble({ kind: 'CUT_BODY', count: 2, nth: 2 })],
  ['a maintenance page in HTML', () => stand.trouble({ kind: 'DOWN', count: 2, nth: 2 })],
  ['an answer that is lost after the write', () => fault('timeoutAfterCommit', { count: 2 })],
  ['a connection that is dropped', () => fault('drop', { count: 2 })],
])('%s is tried again, and nobody is there twice', async (what, begin) => {
  const email = `${[...what].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)}@example.co.jp`;
  await stand.create({ email, lastname: '切' });
  await stand.idle();
  await begin();
  expect(await stand.sync()).toMatchObject({ status: 'COMPLETED', pushed: 1, errors: 0 });
  expect(await leadsOf(email)).toHaveLength(1);
});

test('down for an hour: runs fail and say since when, nothing is lost, the next one makes up for it', async () => {
  const id = await stand.create({ email: 'outage@example.co.jp', lastname: '休' });
  await stand.idle();
  await stand.trouble({ kind: 'DOWN' });
  expect(await stand.sync()).toMatchObject({ status: 'FAILED', error: expect.stringContaining('503') });
  const { outageSince } = await stand.health();
  expect(outageSince).toEqual(expect.any(String));
  await stand.advance(60 * 60_000);
  await stand.change(id, { jobtitle: '待' });
  await stand.sync();
  expect((await stand.health()).outageSince).toBe(outageSince);
  await stand.calm();
  expect(await stand.sync()).toMatchObject({ status: 'COMPLETED' });
  expect(await stand.health()).not.toHaveProperty('outageSince');
  expect(await leadsOf('outage@example.co.jp')).toMatchObject([{ Title: '待' }]);
});

test('the daily limit ends a run with its state saved; the next day it goes on', async () => {
  await stand.create({ email: 'limit@example.co.jp', lastname: '限' });
  await stand.idle();
  await stand.trouble({ kind: 'DAILY_LIMIT', nth: 4 });
  expect(await stand.sync()).toMatchObject({ status: 'LIMIT_REACHED' });
  await stand.calm();
  expect(await stand.sync()).toMatchObject({ status: 'COMPLETED' });
  expect(await leadsOf('limit@example.co.jp')).toHaveLength(1);
});

test('an allotment of ours that is used up ends a run, too', async () => {
  await stand.connect({ allotment: 1 });
  expect(await stand.sync()).toMatchObject({ status: 'LIMIT_REACHED', calls: 0 });
  await stand.connect();
});

test.each([
  -600_000, 600_000,
])('with a clock that is off by %d ms no change is lost, and the last one still counts', async (clockSkewMs) => {
  await stand.org.admin('PUT', '/org', { clockSkewMs });
  const email = `clock${clockSkewMs}@example.co.jp`;
  const { id, lead } = await linked(email);
  await stand.sf.change('Lead', lead, { Title: '時' });
  await stand.sync();
  expect(await stand.read(id, ['jobtitle'])).toMatchObject({ jobtitle: '時' });
  await stand.sf.change('Lead', lead, { Title: '刻' });
  await stand.advance(5 * 60_000);
  await stand.idle();
  expect(await stand.read(id, ['jobtitle'])).toMatchObject({ jobtitle: '刻' });
});

test('two hundred rows with one stamp, and rows that are seen after it, all arrive once', async () => {
  const people = Array.from({ length: 450 }, (_, position) => ({
    LastName: `同時${position}`,
    Company: '同',
    Email: `same${position}@example.co.jp`,
  }));
  await stand.org.admin('POST', '/records/Lead', people);
  expect(await stand.sync()).toMatchObject({ pulled: 450, errors: 0 });
  expect(await stand.sync()).toMatchObject({ pulled: 0 });
});

test('a change that is seen half a minute after its stamp is not lost', async () => {
  const { id, lead } = await linked('late@example.co.jp');
  await stand.advance(60_000);
  await stand.sync();
  await stand.org.admin('PATCH', `/records/Lead/${lead}?agoMs=30000`, { Title: '遅' });
  await stand.sync();
  expect(await stand.read(id, ['jobtitle'])).toMatchObject({ jobtitle: '遅' });
});

test('of many who ask for a run one runs at a time, and what came meanwhile is not left', async () => {
  await fault('latency', { count: 40 });
  const ids = await Promise.all(
    Array.from({ length: 12 }, (_, position) =>
      stand.create({ email: `wake${position}@example.co.jp`, lastname: '起' }).then(async (id) => {
        await stand.api('POST', '/integrations/v1/salesforce/sync');
        return id;
      }),
    ),
  );
  await stand.idle();
  await stand.sync();
  for (const position of ids.keys()) expect(await leadsOf(`wake${position}@example.co.jp`)).toHaveLength(1);
  expect(await stand.errors()).toEqual([]);
});

test('a value that ours does not take is shown, and the others come', async () => {
  const { id, lead } = await linked('value@example.co.jp');
  await stand.create({ email: 'taken@example.co.jp', lastname: '先' });
  await stand.sync();
  await stand.sf.change('Lead', lead, { Email: 'taken@example.co.jp', Title: '届' });
  await stand.sync();
  expect(await stand.read(id, ['email', 'jobtitle'])).toMatchObject({ email: 'value@example.co.jp', jobtitle: '届' });
  expect(await stand.errors()).toMatchObject([{ category: 'DUPLICATES', code: 'VALUE_TAKEN', recordId: id }]);
  await stand.sf.change('Lead', lead, { Email: 'value@example.co.jp' });
  await stand.advance(10 * 60_000);
  await stand.sync();
  expect(await stand.errors()).toEqual([]);
});
