import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { readRecord } from '../../../lib/objects/read-store.ts';
import { type Database, startDatabase } from '../../support/database.ts';
import { enquiry, eventsOf, field, givenForm, post, submissionsOf } from '../../support/forms.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());
afterEach(() => vi.useRealTimers());

/** Moves the clock that handlers see; timers of the network go on. */
const later = (minutes: number) => vi.setSystemTime(Date.now() + minutes * 60_000);

const count = async (formId: string) => (await submissionsOf(database, formId)).length;

test('the same content twice is one submission with one answer; after ten minutes it is another', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const formId = await givenForm();
  const send = () => post(formId, { email: 'twice@example.com', message: 'もしもし' });
  const first = await send();
  later(9);
  expect((await send()).body).toEqual(first.body);
  expect(await count(formId)).toBe(1);
  later(2);
  expect((await send()).status).toBe(200);
  expect(await count(formId)).toBe(2);
});

test('a repeated one is answered as the first was, though the form has changed', async () => {
  const formId = await givenForm(enquiry, {
    configuration: { postSubmitAction: { type: 'thank_you', value: 'first' } },
  });
  await post(formId, { email: 'answer@example.com' });
  const { changeForm } = await import('../../../lib/forms/store.ts');
  await changeForm(database.app, formId, (form) => ({
    ...form,
    version: form.version + 1,
    configuration: { ...form.configuration, postSubmitAction: { type: 'thank_you', value: 'second' } },
  }));
  expect((await post(formId, { email: 'answer@example.com' })).body).toEqual({ inlineMessage: 'first' });
});

test('with the time of submission, the same second counts once for a month and another one is another submission', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const formId = await givenForm();
  const submittedAt = Date.now();
  await post(formId, { email: 'time@example.com' }, { submittedAt });
  await post(formId, { email: 'time@example.com' }, { submittedAt: submittedAt + 1 });
  expect(await count(formId)).toBe(2);
  later(20 * 24 * 60);
  await post(formId, { email: 'time@example.com' }, { submittedAt });
  expect(await count(formId)).toBe(2);
});

test('an Idempotency-Key tells a repetition from a second submission; another content is another one', async () => {
  const formId = await givenForm();
  const send = (key: string, message: string) =>
    post(formId, { email: 'key@example.com', message }, {}, { headers: { 'idempotency-key': key } });
  await send('k1', 'a');
  await send('k1', 'b');
  await send('k2', 'a');
  await send('k1', 'a');
  expect(await count(formId)).toBe(3);
});

test('two visitors of a form without addresses are two, though they answer the same', async () => {
  const formId = await givenForm([field('message')]);
  for (const sourceIp of ['198.51.100.1', '198.51.100.2', '198.51.100.1'])
    await post(formId, { message: 'はい' }, {}, { sourceIp });
  expect(await count(formId)).toBe(2);
});

test('a double click at the very same moment is one submission', async () => {
  const formId = await givenForm();
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => post(formId, { email: 'click@example.com', lastname: '連打' })),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
  expect(await count(formId)).toBe(1);
  const contact = await readRecord(database.app, '0-1', { id: 'click@example.com', idProperty: 'email' });
  expect(await eventsOf(database, contact?.id ?? '', 'form.submitted')).toHaveLength(1);
});

test('posts of one new address at once make one contact and lose none', async () => {
  const formId = await givenForm();
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, n) => post(formId, { email: 'crowd@example.com', message: `${n}` })),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
  const submissions = await submissionsOf(database, formId);
  expect(submissions).toHaveLength(10);
  expect(new Set(submissions.map(({ contactId }) => contactId)).size).toBe(1);
});

/** Sends again while a busy machine answers 503, as Retry-After asks for; whatever else is answered counts. */
async function untilTaken(send: () => ReturnType<typeof post>): ReturnType<typeof post> {
  for (let tries = 0; ; tries += 1) {
    const answer = await send();
    if (answer.status !== 503 || tries === 5) return answer;
  }
}

test('100 posts at once from one address all go through', async () => {
  const formId = await givenForm();
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, n) => untilTaken(() => post(formId, { email: `bulk${n}@example.com` }))),
  );
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  expect(await count(formId)).toBe(100);
});

test('past the limit of a form a visitor is told to wait, and nothing is written', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(new Date('2026-11-22T04:00:10.000Z'));
  const formId = await givenForm(enquiry, {
    configuration: { submissionLimits: { perIpPerMinute: 3, perFormPerMinute: 5 } },
  });
  const send = (n: number, sourceIp: string) => post(formId, { email: `limit${n}@example.com` }, {}, { sourceIp });
  for (let n = 0; n < 3; n += 1) expect((await send(n, '198.51.100.1')).status).toBe(200);
  const refused = await send(3, '198.51.100.1');
  expect(refused).toMatchObject({
    status: 429,
    headers: { 'retry-after': '50' },
    body: { category: 'RATE_LIMITS', errorType: 'RATE_LIMIT', policyName: 'MINUTELY' },
  });
  expect(await readRecord(database.app, '0-1', { id: 'limit3@example.com', idProperty: 'email' })).toBeUndefined();
  expect((await send(4, '198.51.100.2')).status).toBe(200);
  // What one address sent beyond its own limit closes the form for nobody else.
  expect((await send(5, '198.51.100.3')).status).toBe(200);
  expect((await send(6, '198.51.100.4')).status).toBe(429);
  later(1);
  expect((await send(7, '198.51.100.1')).status).toBe(200);
});
