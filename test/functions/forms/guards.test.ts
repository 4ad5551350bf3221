import { gzipSync } from 'node:zlib';
import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { handler as submit } from '../../../functions/forms/submit.ts';
import { handler as embed } from '../../../functions/pages/embed-script.ts';
import { handler as show } from '../../../functions/pages/show-form.ts';
import { handler as submitPage } from '../../../functions/pages/submit-form.ts';
import type { CaptchaChallenge } from '../../../lib/forms/captcha.ts';
import { readRecord } from '../../../lib/objects/read-store.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import { call } from '../../support/call.ts';
import { type Database, startDatabase } from '../../support/database.ts';
import { enquiry, field, givenForm, portal, post, submissionsOf } from '../../support/forms.ts';
import { givenLinkKeys } from '../../support/surveys.ts';

let database: Database;
beforeAll(async () => {
  givenLinkKeys();
  database = await startDatabase();
});
afterAll(() => database.close());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

type View = {
  html: string;
  own: Record<string, string>;
  captcha?: CaptchaChallenge;
  fields: { input: string; onlyIf?: unknown; validation?: unknown }[];
};

const view = async (formId: string, query: Record<string, string> = {}) =>
  (await call(show, { method: 'GET', path: { formId }, query: { format: 'json', ...query } })).body as View;
const send = (
  formId: string,
  values: Record<string, string>,
  query: Record<string, string> = { format: 'json' },
  sourceIp?: string,
) =>
  call(submitPage, {
    path: { formId },
    query,
    body: new URLSearchParams(values).toString(),
    ...(sourceIp && { sourceIp }),
  });
const solved = async (challenge: CaptchaChallenge | undefined) => {
  if (!challenge) throw new Error('no challenge');
  const solution = await solveChallenge({ challenge, deriveKey });
  return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64');
};
const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);
const count = async (formId: string) => (await submissionsOf(database, formId)).length;
const contactOf = (email: string) => readRecord(database.app, '0-1', { id: email, idProperty: 'email' });

test('a captcha is good for one submission of its form, in time', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const configuration = { recaptchaEnabled: true };
  const [formId, otherId] = [await givenForm(enquiry, { configuration }), await givenForm(enquiry, { configuration })];
  const captcha = await solved((await view(formId)).captcha);
  const needed = { status: 400, body: { errors: [{ errorType: 'FORM_HAS_RECAPTCHA_ENABLED' }] } };
  expect(await post(formId, { email: 'a@example.com' })).toMatchObject(needed);
  expect(await post(otherId, { email: 'a@example.com' }, { captcha })).toMatchObject(needed);
  expect(await post(formId, { email: 'a@example.com' }, { captcha: `${captcha.slice(0, -8)}AAAAAAA=` })).toMatchObject(
    needed,
  );
  // What was refused for another reason has not used it up.
  expect((await post(formId, { email: 'broken' }, { captcha })).body).toMatchObject({
    errors: [{ errorType: 'INVALID_EMAIL' }],
  });
  expect((await post(formId, { email: 'a@example.com' }, { captcha })).status).toBe(200);
  // The same submission again is the same one; another one needs a captcha of its own.
  expect((await post(formId, { email: 'a@example.com' }, { captcha })).status).toBe(200);
  expect(await post(formId, { email: 'b@example.com' }, { captcha })).toMatchObject(needed);
  const fresh = await solved((await view(formId)).captcha);
  later(31 * 60);
  expect(await post(formId, { email: 'c@example.com' }, { captcha: fresh })).toMatchObject(needed);
  expect(await count(formId)).toBe(1);
});

test('one solved captcha sent at once by many makes one submission', async () => {
  const formId = await givenForm(enquiry, { configuration: { recaptchaEnabled: true } });
  const captcha = await solved((await view(formId)).captcha);
  const answers = await Promise.all(
    Array.from({ length: 5 }, (_, n) => post(formId, { email: `race${n}@example.com` }, { captcha })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400]);
  expect(await count(formId)).toBe(1);
});

test('what is sent faster than a person reads waits, and comes through when it is sent again', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const formId = await givenForm();
  const { own } = await view(formId);
  const values = { ...own, email: 'quick@example.com' };
  const early = await send(formId, values);
  expect(early).toMatchObject({ status: 400, body: { again: 'LATER', message: expect.stringContaining('数秒') } });
  const page = await send(formId, values, {});
  expect(page.text).toContain('value="quick@example.com"');
  expect(await contactOf('quick@example.com')).toBeUndefined();
  later(3);
  expect(await send(formId, values)).toMatchObject({ status: 200, body: { thanks: expect.any(String) } });
  for (const stamp of [
    'forged',
    own['form-stamp']?.replace(/.$/, '!') ?? '',
    (await view(await givenForm())).own['form-stamp'] ?? '',
  ])
    expect((await send(formId, { ...values, 'form-stamp': stamp, message: stamp })).status).toBe(400);
  later(49 * 60 * 60);
  expect((await send(formId, { ...values, message: 'old' })).status).toBe(400);
  expect(await count(formId)).toBe(1);
});

test('a plain post from a page of somebody else needs no stamp, unless the form says so', async () => {
  const open = await givenForm();
  expect((await send(open, { email: 'plain@example.com' }, {})).status).toBe(303);
  const strict = await givenForm(enquiry, { configuration: { spamProtection: { requireStamp: true } } });
  expect((await send(strict, { email: 'strict@example.com' }, {})).status).toBe(400);
  expect(await count(strict)).toBe(0);
});

test('junk from one address leaves no trace but the counter, and closes the form for nobody else', async () => {
  const formId = await givenForm(enquiry, {
    configuration: { submissionLimits: { perIpPerMinute: 60, perFormPerMinute: 100 } },
  });
  const table = Object.getPrototypeOf(database.app.table) as typeof database.app.table;
  const writes = [vi.spyOn(table, 'commit'), vi.spyOn(table, 'update')];
  const counts = vi.spyOn(table, 'count');
  const junk = Array.from({ length: 150 }, (_, n) => n);
  const statuses = new Set<number>();
  for (let start = 0; start < junk.length; start += 50) {
    const answers = await Promise.all(
      junk
        .slice(start, start + 50)
        .map((n) => send(formId, { email: `junk${n}@example.com`, 'website-url': 'http://spam' }, {}, '198.51.100.66')),
    );
    for (const { status } of answers) statuses.add(status);
  }
  expect([...statuses].sort()).toEqual([303, 429]);
  for (const write of writes) expect(write).not.toHaveBeenCalled();
  // One counter a minute: the address's own.
  const keys = new Set(counts.mock.calls.map(([{ pk }]) => pk));
  expect(keys.size).toBe(1);
  expect((await post(formId, { email: 'person@example.com' }, {}, { sourceIp: '198.51.100.67' })).status).toBe(200);
});

test('who comes again is asked what they have not said yet, and nobody is told what anybody said', async () => {
  const group = (groupType: string, ...fields: unknown[]) => ({ groupType, richTextType: 'text', fields });
  const formId = await givenForm([], {
    fieldGroups: [
      group('default_group', field('email', 'email', { required: true })),
      group('progressive', field('lastname', 'single_line_text', { required: true }), field('company')),
      group('queued', field('jobtitle', 'single_line_text', { required: true }), field('website')),
    ],
    configuration: { prePopulateKnownValues: true },
  });
  const inputs = async (known = '') => (await view(formId, known ? { known } : {})).fields.map(({ input }) => input);
  expect(await inputs()).toEqual(['email', 'lastname', 'company']);
  const first = await send(formId, { email: 'again@example.com', lastname: '再来' });
  const { remember } = first.body as { remember: string };
  expect(await inputs(remember)).toEqual(['email', 'company', 'jobtitle']);
  expect(Buffer.from(remember.split('.')[1] ?? '', 'base64url').toString()).not.toMatch(/再来|again@/);
  expect((await view(formId, { known: remember })).html).not.toMatch(/再来|again@/);
  expect(await inputs(`${remember}x`)).toEqual(['email', 'lastname', 'company']);
  const lacking = await send(formId, { email: 'again@example.com', 'known-visitor': remember });
  expect(lacking.body).toMatchObject({ errors: [{ input: 'jobtitle', message: '入力してください' }] });
  const second = await send(formId, { email: 'again@example.com', jobtitle: '部長', 'known-visitor': remember });
  expect(second.status).toBe(200);
  expect(await inputs((second.body as { remember: string }).remember)).toEqual(['email', 'company', 'website']);
  expect((await contactOf('again@example.com'))?.properties).toMatchObject({ lastname: '再来', jobtitle: '部長' });
});

test('the script of other pages is small, and learns of a form no more than its visitors do', async () => {
  const script = await call(embed, { method: 'GET' });
  expect(script.headers['content-type']).toContain('text/javascript');
  expect(gzipSync(script.text).length).toBeLessThan(12 * 1024);
  const formId = await givenForm([
    field('email', 'email', { validation: { useDefaultBlockList: false, blockedEmailDomains: ['rival.example'] } }),
  ]);
  expect(JSON.stringify(await view(formId))).not.toContain('rival.example');
});

test('the script is told which input is wrong, in the language of the page', async () => {
  const formId = await givenForm([
    ...enquiry,
    field('advertiser_id', 'single_line_text', { objectTypeId: '0-3', required: true }),
  ]);
  const answer = await send(formId, { email: 'nobody' }, { format: 'json', lang: 'en' });
  expect(answer).toMatchObject({
    status: 400,
    body: {
      message: 'Please check your input',
      errors: expect.arrayContaining([
        { input: 'email', message: 'This is not an e-mail address' },
        { input: '0-3/advertiser_id', message: 'Please fill this in' },
      ]),
    },
  });
});

test('a visitor without a token sets nothing that the form does not ask, whatever is skipped', async () => {
  const formId = await givenForm([field('email', 'email', { required: true })]);
  const deal = await createRecord(database.app, '0-3', { dealname: '案件', advertiser_id: 'AD-SKIP', amount: '100' });
  const fields = [
    { name: 'email', value: 'stranger@example.com' },
    { name: 'lifecyclestage', value: 'customer' },
    { objectTypeId: '0-3', name: 'advertiser_id', value: 'AD-SKIP' },
    { objectTypeId: '0-3', name: 'amount', value: '1' },
  ];
  const path = { portalId: portal, formGuid: formId };
  expect((await call(submit, { path, body: { fields, skipValidation: true } })).status).toBe(200);
  expect((await contactOf('stranger@example.com'))?.properties.lifecyclestage).not.toBe('customer');
  expect((await readRecord(database.app, '0-3', { id: deal.id }))?.properties.amount).toBe('100');
  const [{ values }] = (await submissionsOf(database, formId)) as unknown as [{ values: unknown[] }];
  expect(values).toHaveLength(4);
});
