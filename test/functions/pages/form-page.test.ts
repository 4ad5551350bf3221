import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { handler as show } from '../../../functions/pages/show-form.ts';
import { handler as submit } from '../../../functions/pages/submit-form.ts';
import { readRecord } from '../../../lib/objects/read-store.ts';
import { type Answer, call } from '../../support/call.ts';
import { type Database, startDatabase } from '../../support/database.ts';
import { enquiry, field, givenForm, submissionsOf } from '../../support/forms.ts';
import { givenLinkKeys } from '../../support/surveys.ts';

let database: Database;
beforeAll(async () => {
  givenLinkKeys();
  database = await startDatabase();
});
afterAll(() => database.close());
afterEach(() => {
  vi.restoreAllMocks();
});

const open = (formId: string, query: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  call(show, { method: 'GET', path: { formId }, query, headers });
const send = (
  formId: string,
  values: Record<string, string> | [string, string][],
  more: { headers?: Record<string, string>; query?: Record<string, string>; sourceIp?: string } = {},
): Promise<Answer> =>
  call(submit, {
    path: { formId },
    body: new URLSearchParams(values).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...more.headers },
    ...more,
  });
const hiddenId = ({ text }: Answer) => /name="submission-id" value="([^"]+)"/.exec(text)?.[1] ?? '';
const contactOf = (email: string) => readRecord(database.app, '0-1', { id: email, idProperty: 'email' });

test('the page has a label for every input, marks what is required, and has no script but the one of forms', async () => {
  const formId = await givenForm([
    ...enquiry,
    field('lifecyclestage', 'dropdown', { label: 'ステージ' }),
    field('hs_lead_status', 'radio', { label: '状況' }),
    field('website', 'file', { label: '資料' }),
    field('company', 'single_line_text', { label: '会社', hidden: true, defaultValue: '既定の会社' }),
  ]);
  const page = await open(formId);
  expect(page).toMatchObject({
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  });
  expect(page.headers['content-security-policy']).toMatch(
    /default-src 'none'; style-src 'sha256-[^']+'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'/,
  );
  expect(page.text).not.toMatch(/<script(?! src="\/forms\/embed\.js" defer><\/script>)|\son\w+=|style="/);
  expect(page.text).toMatch(/<html lang="ja">/);
  expect(page.text).toMatch(/<label for="f-email">メールアドレス<span class="mark">必須<\/span><\/label>/);
  expect(page.text).toMatch(/<input type="email"[^>]* id="f-email" name="email" required/);
  expect(page.text).toMatch(/<input type="hidden" name="company" value="既定の会社">/);
  expect(page.text).toMatch(/<fieldset[^>]*><legend>状況/);
  const labelled = [...page.text.matchAll(/ id="(f-[\w-]+)"/g)].map(([, id]) => id);
  for (const id of labelled.filter((each) => !/status/.test(each ?? ''))) expect(page.text).toContain(`for="${id}"`);
});

test('what a definition or an address says is text, never markup', async () => {
  const evil = '"><script>alert(1)</script>';
  const formId = await givenForm(
    [
      field('email', 'email', { label: evil, placeholder: evil, description: evil }),
      field('message', 'multi_line_text'),
    ],
    {
      name: evil,
      configuration: { postSubmitAction: { type: 'thank_you', value: `<b>太字</b>${evil}` } },
    },
  );
  const pages = [
    await open(formId, { email: evil, message: '</textarea><script>alert(2)</script>', lang: evil }),
    await open(formId, { sent: '1' }),
    await send(formId, { email: evil }),
  ];
  for (const { text } of pages) expect(text).not.toMatch(/<script(?! src="\/forms)|<b>/);
  expect(pages[1]?.text).toContain('太字');
  expect(pages[2]?.text).toContain('value="&quot;&gt;&lt;script&gt;');
});

test('a good post leads to the thanks, and the contact is there', async () => {
  const formId = await givenForm(enquiry, {
    configuration: { postSubmitAction: { type: 'thank_you', value: '<p>ありがとう</p><p>ございます</p>' } },
  });
  const sent = await send(formId, {
    email: 'page@example.com',
    lastname: '山田',
    message: '一\r\n二',
    'submission-id': hiddenId(await open(formId)),
    'website-url': '',
  });
  expect(sent).toMatchObject({ status: 303, headers: { location: `/f/${formId}?sent=1&lang=ja` }, text: '' });
  expect((await contactOf('page@example.com'))?.properties).toMatchObject({ lastname: '山田', message: '一\n二' });
  const [submission] = await submissionsOf(database, formId);
  expect(submission).toMatchObject({ context: { pageUri: `https://api.test/f/${formId}`, pageName: 'お問い合わせ' } });
  const thanks = await open(formId, { sent: '1' });
  expect(thanks.text).toContain('ありがとう<br>ございます');
});

test('a redirect of the form is followed, and the page’s policy allows it', async () => {
  const formId = await givenForm(enquiry, {
    configuration: { postSubmitAction: { type: 'redirect_url', value: 'https://www.example.com/thanks?a=1' } },
  });
  expect(await send(formId, { email: 'away@example.com' })).toMatchObject({
    status: 303,
    headers: { location: 'https://www.example.com/thanks?a=1' },
  });
  expect((await open(formId)).headers['content-security-policy']).toContain(
    "form-action 'self' https://www.example.com;",
  );
});

test('a bad post comes back with every value kept and each error beside its field', async () => {
  const formId = await givenForm([
    ...enquiry,
    field('jobtitle', 'number', { label: '人数' }),
    field('hs_lead_status', 'multiple_checkboxes', { label: '状況' }),
  ]);
  const page = await send(formId, [
    ['email', ''],
    ['lastname', '山"田'],
    ['message', '本文 & 続き'],
    ['jobtitle', 'たくさん'],
    ['hs_lead_status', 'NEW'],
    ['hs_lead_status', 'OPEN'],
  ]);
  expect(page.status).toBe(400);
  expect(page.text).toMatch(/role="alert"><h2>入力内容をご確認ください/);
  expect(page.text).toMatch(/<a href="#f-email">メールアドレス<\/a>: 入力してください/);
  expect(page.text).toMatch(/id="f-email"[^>]*aria-invalid="true" aria-describedby="f-email-error"/);
  expect(page.text).toMatch(/<p class="error" id="f-jobtitle-error">数字で入力してください/);
  expect(page.text).toContain('value="山&quot;田"');
  expect(page.text).toContain('本文 &amp; 続き</textarea>');
  expect(page.text).toMatch(/value="NEW" checked/);
  expect(page.text).toMatch(/value="OPEN" checked/);
  expect(await submissionsOf(database, formId)).toEqual([]);
});

test('the page speaks the visitor’s language', async () => {
  const formId = await givenForm(enquiry, { configuration: { language: 'ja' } });
  expect((await open(formId, {}, { 'accept-language': 'fr;q=0.9, en-GB;q=0.8, ja;q=0.5' })).text).toContain(
    '<html lang="en">',
  );
  expect((await open(formId, { lang: 'ja' }, { 'accept-language': 'en' })).text).toContain('<html lang="ja">');
  expect((await open(formId, {}, { 'accept-language': 'fr' })).text).toContain('<html lang="ja">');
  expect((await send(formId, {}, { query: { lang: 'en' } })).text).toContain('Please fill this in');
});

test('the same page sent twice is one submission, a corrected one is another', async () => {
  const formId = await givenForm();
  const id = hiddenId(await open(formId));
  const twice = { email: 'double@example.com', message: '一回', 'submission-id': id };
  const [first, second] = await Promise.all([send(formId, twice), send(formId, twice)]);
  expect([first.status, second.status]).toEqual([303, 303]);
  expect(await submissionsOf(database, formId)).toHaveLength(1);
  await send(formId, { ...twice, message: '訂正' });
  expect(await submissionsOf(database, formId)).toHaveLength(2);
});

test('a program that fills what nobody sees is thanked, and nothing is written', async () => {
  const formId = await givenForm();
  const page = await open(formId);
  expect(page.text).toMatch(/<div class="trap" aria-hidden="true">.*tabindex="-1" autocomplete="off"/);
  expect((await send(formId, { email: 'bot@example.com', 'website-url': 'https://spam.example' })).status).toBe(303);
  expect(await contactOf('bot@example.com')).toBeUndefined();
  expect(await submissionsOf(database, formId)).toEqual([]);
});

test('consent boxes are needed where the form says so, and what was agreed to is kept', async () => {
  const legalConsentOptions = {
    type: 'explicit_consent_to_process',
    privacyText: '方針',
    consentToProcessCheckboxLabel: '処理に同意します',
    communicationsCheckboxes: [{ subscriptionTypeId: 3, label: '案内を受け取る', required: false }],
  };
  const formId = await givenForm(enquiry, { legalConsentOptions });
  const offered = await open(formId, {
    email: 'consent@example.com',
    'consent-processing': 'true',
    'consent-communication-3': 'true',
  });
  expect(offered.text).toContain('value="consent@example.com"');
  expect(offered.text).not.toMatch(/ checked/);
  const refused = await send(formId, { email: 'consent@example.com' });
  expect(refused.status).toBe(400);
  expect(refused.text).toMatch(/<a href="#consent-processing">/);
  expect(refused.text).toMatch(
    /id="consent-processing"[^>]* aria-invalid="true" aria-describedby="consent-processing-error"/,
  );
  expect(refused.text).toMatch(/<p class="error" id="consent-processing-error">同意が必要です<\/p>/);
  expect(
    (
      await send(formId, {
        email: 'consent@example.com',
        'consent-processing': 'true',
        'consent-communication-3': 'true',
      })
    ).status,
  ).toBe(303);
  expect(await submissionsOf(database, formId)).toMatchObject([
    {
      consent: {
        given: {
          consent: {
            consentToProcess: true,
            text: '処理に同意します',
            communications: [{ value: true, subscriptionTypeId: 3, text: '案内を受け取る' }],
          },
        },
      },
    },
  ]);
});

test('unknown forms have a page of their own that says so', async () => {
  for (const answer of [
    await open('00000000-0000-4000-8000-000000000000'),
    await send('nothing', { email: 'a@example.com' }),
  ]) {
    expect(answer).toMatchObject({ status: 404, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(answer.text).toContain('ページが見つかりません');
  }
});

test('a post of 10 MB and one post too many are told on the page', async () => {
  const formId = await givenForm(enquiry, { configuration: { submissionLimits: { perIpPerMinute: 1 } } });
  expect((await send(formId, { message: 'x'.repeat(10 * 1024 * 1024) })).status).toBe(400);
  await send(formId, { email: 'one@example.com' });
  const refused = await send(formId, { email: 'two@example.com', lastname: '保持' });
  expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });
  expect(refused.text).toContain('アクセスが集中しています');
  expect(refused.text).toContain('value="保持"');
});

test('a required box for mails is named where it stands, in the language of the visitor', async () => {
  const communicationsCheckboxes = [{ subscriptionTypeId: 3, label: '案内を受け取る', required: true }];
  const formId = await givenForm(enquiry, {
    legalConsentOptions: { type: 'implicit_consent_to_process', communicationsCheckboxes },
  });
  const refused = await send(formId, { email: 'box@example.com' }, { query: { lang: 'en' } });
  expect(refused.status).toBe(400);
  expect(refused.text).toContain('<a href="#consent-communication-3">Your data</a>: Your consent is needed');
  expect(refused.text).toMatch(/id="consent-communication-3"[^>]* aria-describedby="consent-communication-3-error"/);
  expect(refused.text).toContain('<button type="submit">Submit</button>');
});

test('a field that another one brings up is not marked as required, since nobody knows yet whether it is', async () => {
  const dependentFields = [
    {
      dependentCondition: { operator: 'eq', value: 'NEW' },
      dependentField: field('jobtitle', 'single_line_text', { label: '役職', required: true }),
    },
  ];
  const formId = await givenForm([...enquiry, field('hs_lead_status', 'dropdown', { label: '状況', dependentFields })]);
  expect((await open(formId)).text).toContain('<label for="f-jobtitle">役職</label>');
});

const throttled = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
const tables = () => Object.getPrototypeOf(database.app.table) as { get: () => unknown; count: () => unknown };

test('a visitor who sends while the database is busy gets the page back with what was typed, and when to try again', async () => {
  const formId = await givenForm();
  vi.spyOn(tables(), 'count').mockRejectedValue(throttled);
  const busy = await send(formId, { email: 'busy@example.com', lastname: '田中' });
  expect(busy).toMatchObject({
    status: 503,
    headers: { 'retry-after': '1', 'content-type': 'text/html; charset=utf-8' },
  });
  expect(busy.text).toContain('混み合っています');
  expect(busy.text).toContain('value="busy@example.com"');
  vi.restoreAllMocks();
  expect(await contactOf('busy@example.com')).toBeUndefined();
});

test('a page that cannot be read for now is a page all the same, in the language of the visitor', async () => {
  const formId = await givenForm();
  vi.spyOn(tables(), 'get').mockRejectedValue(throttled);
  const busy = await open(formId, {}, { 'accept-language': 'en-GB,en;q=0.9' });
  expect(busy).toMatchObject({ status: 503, headers: { 'retry-after': '1', 'content-language': 'en' } });
  expect(busy.text).toContain('<h1>We are busy at the moment.');
});

test.each([
  ['Shift_JIS', '%8ER%93c', '%83T%83%93%83v%83%8B%81@%89%EF%8E%D0'],
  ['EUC-JP', '%BB%B3%C5%C4', '%A5%B5%A5%F3%A5%D7%A5%EB%A1%A1%B2%F1%BC%D2'],
  ['UTF-8', '%E5%B1%B1%E7%94%B0', '%E3%82%B5%E3%83%B3%E3%83%97%E3%83%AB%E3%80%80%E4%BC%9A%E7%A4%BE'],
])('a plain form of a page in %s is read as it was written', async (charset, lastname, message) => {
  const formId = await givenForm();
  const email = `${charset}@example.com`.toLowerCase();
  const body = `email=${encodeURIComponent(email)}&lastname=${lastname}&message=${message}`;
  expect((await call(submit, { path: { formId }, body })).status).toBe(303);
  expect((await contactOf(email))?.properties).toMatchObject({ lastname: '山田', message: 'サンプル　会社' });
});

test('after a submission the browser is sent to an address that is written in Japanese, too', async () => {
  const formId = await givenForm(enquiry, {
    configuration: { postSubmitAction: { type: 'redirect_url', value: 'https://例え.jp/ありがとう?a=1' } },
  });
  const { status, headers } = await send(formId, { email: 'idn@example.com' });
  expect(status).toBe(303);
  expect(headers.location).toBe('https://xn--r8jz45g.jp/%E3%81%82%E3%82%8A%E3%81%8C%E3%81%A8%E3%81%86?a=1');
});
