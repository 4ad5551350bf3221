import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DemoClient } from '../../cdk/local/demo/client.ts';
import type { LocalSystem } from '../../cdk/local/local-system.ts';
import { startBrowser } from '../support/browser.ts';
import { testLocal } from '../support/local.ts';

let local: LocalSystem;
let browser: Browser;
beforeAll(async () => {
  local = await testLocal();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await local?.stop();
});

const field = (name: string, label: string, fieldType: string, more: Record<string, unknown> = {}) => ({
  objectTypeId: '0-1',
  name,
  label,
  fieldType,
  required: false,
  hidden: false,
  ...more,
});

const fields = [
  field('email', 'メールアドレス', 'email', {
    required: true,
    validation: { useDefaultBlockList: false, blockedEmailDomains: ['blocked.example'] },
  }),
  field('lastname', '姓', 'single_line_text', { required: true }),
  field('lifecyclestage', 'ご検討の段階', 'dropdown'),
  field('hs_lead_status', '状況', 'radio'),
  field('message', 'お問い合わせ内容', 'multi_line_text'),
];

async function givenForm(
  { configuration = {} }: { configuration?: object } = {},
  asked: readonly unknown[] = fields,
): Promise<string> {
  const fieldGroups = [{ groupType: 'default_group', richTextType: 'text', fields: asked }];
  const { id } = await new DemoClient(local).post<{ id: string }>('/marketing/v3/forms', {
    formType: 'hubspot',
    name: 'お問い合わせ',
    fieldGroups,
    // The test types faster than a person.
    configuration: { spamProtection: { minimumSeconds: 0 }, ...configuration },
  });
  return id;
}

const contactOf = async (email: string) =>
  (
    await new DemoClient(local).call<{ properties: Record<string, string> }>(
      'GET',
      `/crm/v3/objects/contacts/${email}?idProperty=email&properties=lastname,message,hs_lead_status`,
      undefined,
      { expected: [404] },
    )
  )?.properties;

/** Opens the page of a form in a browser without JavaScript, and keeps what the browser complains of. */
async function openPage(formId: string, locale = 'ja-JP'): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ javaScriptEnabled: false, locale });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(`${local.publicUrl}/f/${formId}`);
  return { page, complaints };
}

test('a visitor without JavaScript fills the form by its labels and is thanked', async () => {
  const { page, complaints } = await openPage(
    await givenForm({ configuration: { postSubmitAction: { type: 'thank_you', value: 'ありがとうございました' } } }),
  );
  await page.getByLabel('メールアドレス').fill('browser@example.co.jp');
  await page.getByLabel('姓').fill('山田');
  await page.getByRole('radio').first().check();
  await page.getByLabel('お問い合わせ内容').fill('一行目\n二行目');
  await page.getByRole('button', { name: '送信' }).click();
  await page.getByText('ありがとうございました').waitFor();
  expect(await contactOf('browser@example.co.jp')).toMatchObject({
    lastname: '山田',
    message: '一行目\n二行目',
    hs_lead_status: expect.any(String),
  });
  expect(complaints).toEqual([]);
});

test('what is wrong is shown beside the field, with every value kept, and can be put right', async () => {
  const { page } = await openPage(await givenForm());
  await page.getByLabel('メールアドレス').fill('someone@blocked.example');
  await page.getByLabel('姓').fill('鈴木');
  await page.getByRole('button', { name: '送信' }).click();
  const alert = page.getByRole('alert');
  await alert.waitFor();
  const email = page.getByLabel('メールアドレス');
  expect(await email.getAttribute('aria-invalid')).toBe('true');
  const describedBy = await email.getAttribute('aria-describedby');
  expect(await page.locator(`#${describedBy}`).textContent()).toContain('受け付けていません');
  expect(await page.getByLabel('姓').inputValue()).toBe('鈴木');
  await alert.getByRole('link', { name: 'メールアドレス' }).click();
  await email.fill('someone@example.co.jp');
  await page.getByRole('button', { name: '送信' }).click();
  await page.getByRole('status').waitFor();
  expect(await contactOf('someone@example.co.jp')).toMatchObject({ lastname: '鈴木' });
  expect(await contactOf('someone@blocked.example')).toBeUndefined();
});

test('a double click makes one submission', async () => {
  // Without an address in the form each submission is a contact of its own, so that two would show.
  const formId = await givenForm({}, [field('lastname', '姓', 'single_line_text', { required: true })]);
  const { page } = await openPage(formId);
  await page.getByLabel('姓').fill('連打');
  await page.getByRole('button', { name: '送信' }).dblclick();
  await page.getByRole('status').waitFor();
  const { results } = await new DemoClient(local).get<{ results: { properties: { lastname: string } }[] }>(
    '/crm/v3/objects/contacts?limit=100&properties=lastname',
  );
  expect(results.filter(({ properties }) => properties.lastname === '連打')).toHaveLength(1);
});

test('the way to the form’s own thanks page on another origin is open', async () => {
  const { page, complaints } = await openPage(
    await givenForm({
      configuration: {
        postSubmitAction: {
          type: 'redirect_url',
          value: `${local.localUrl.replace('127.0.0.1', 'localhost')}?thanks=1`,
        },
      },
    }),
  );
  await page.getByLabel('メールアドレス').fill('redirect@example.co.jp');
  await page.getByLabel('姓').fill('遠方');
  await page.getByRole('button', { name: '送信' }).click();
  await page.waitForURL(/thanks=1/);
  expect(complaints.filter((text) => text.includes('Content Security Policy'))).toEqual([]);
});

test('the trap is out of sight and out of the tab order', async () => {
  const { page } = await openPage(await givenForm());
  const box = await page.locator('#website-url').boundingBox();
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThan(0);
  expect(await page.locator('#website-url').getAttribute('tabindex')).toBe('-1');
});

test('an English visitor reads English, and the page fits a telephone', async () => {
  const { page } = await openPage(await givenForm(), 'en-US');
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  expect(await page.getByText('required').count()).toBe(2);
  for (const name of ['メールアドレス', '姓', 'お問い合わせ内容']) {
    const box = await page.getByLabel(name).boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(320);
  }
});

test('an unknown form has a page that says so', async () => {
  const page = await browser.newPage({ locale: 'ja-JP' });
  const response = await page.goto(`${local.publicUrl}/f/00000000-0000-4000-8000-000000000000`);
  expect(response?.status()).toBe(404);
  expect(await page.getByRole('heading').textContent()).toBe('ページが見つかりません');
});
