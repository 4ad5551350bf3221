import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DemoClient } from '../../cdk/local/demo/client.ts';
import type { LocalSystem } from '../../cdk/local/local-system.ts';
import { pictures, startBrowser } from '../support/browser.ts';
import { testLocal } from '../support/local.ts';

let local: LocalSystem;
let browser: Browser;
let site: Server;
let siteUrl: string;
/** What the landing page holds for the next visitor. */
let body = '';
beforeAll(async () => {
  local = await testLocal();
  browser = await startBrowser();
  // A page of somebody else under a policy as strict as they come: no inline script, no inline style.
  const policy = [
    "default-src 'none'",
    `script-src ${local.publicUrl}`,
    `connect-src ${local.publicUrl}`,
    `form-action ${local.publicUrl}`,
    "style-src 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types tsunagi',
  ].join('; ');
  site = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy });
    response.end(
      `<!doctype html><html lang="ja"><head><title>LP</title></head><body><h1>広告のご相談</h1>${body}</body></html>`,
    );
  }).listen(0, 'localhost');
  await new Promise((resolve) => site.once('listening', resolve));
  siteUrl = `http://localhost:${(site.address() as AddressInfo).port}/lp?utm_source=mail&utm_campaign=spring`;
});
afterAll(async () => {
  site?.close();
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
  field('hs_lead_status', '状況', 'dropdown', {
    dependentFields: [
      {
        dependentCondition: { operator: 'set_any', values: ['NEW'] },
        dependentField: field('jobtitle', '役職', 'single_line_text', { required: true }),
      },
    ],
  }),
];

async function givenForm(configuration: Record<string, unknown> = {}): Promise<string> {
  const { id } = await new DemoClient(local).post<{ id: string }>('/marketing/v3/forms', {
    formType: 'hubspot',
    name: 'お問い合わせ',
    fieldGroups: [{ groupType: 'default_group', richTextType: 'text', fields }],
    configuration: { spamProtection: { minimumSeconds: 0 }, ...configuration },
  });
  return id;
}
const submissionsOf = async (formId: string) =>
  (
    await new DemoClient(local).get<{ results: { values: { name: string; value: string }[]; pageUrl: string }[] }>(
      `/form-integrations/v1/submissions/forms/${formId}`,
    )
  ).results;

async function open(url: string, javaScriptEnabled = true): Promise<{ page: Page; complaints: string[] }> {
  const page = await (await browser.newContext({ javaScriptEnabled, locale: 'ja-JP' })).newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, complaints };
}
const script = () => `<script src="${local.publicUrl}/forms/embed.js" defer></script>`;
const picture = (page: Page, name: string) => page.screenshot({ path: `${pictures}${name}.png`, fullPage: true });

test('on a page of another origin under a strict policy: a dependent field, the first error, a captcha, one submission', async () => {
  const formId = await givenForm({ recaptchaEnabled: true });
  body = `<div data-tsunagi-form="${formId}"></div>${script()}`;
  const { page, complaints } = await open(siteUrl);
  await page.getByLabel('メールアドレス').waitFor();
  expect(await page.getByLabel('役職').isVisible()).toBe(false);
  await page.getByRole('button', { name: '送信' }).click();
  const email = page.getByLabel('メールアドレス');
  expect(await email.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
  expect(await email.getAttribute('aria-invalid')).toBe('true');
  await picture(page, 'embed-errors');
  await email.fill('someone@blocked.example');
  await page.getByLabel('姓').fill('鈴木');
  await page.getByLabel('状況').selectOption('NEW');
  await page.getByLabel('役職').fill('部長');
  await page.getByRole('button', { name: '送信' }).dblclick();
  // Only the server knows whose addresses are not taken; what was typed stays.
  await page.getByText('受け付けていません').waitFor();
  expect(await page.getByLabel('役職').inputValue()).toBe('部長');
  await email.fill('someone@example.co.jp');
  await page.getByRole('button', { name: '送信' }).dblclick();
  await page.getByRole('status').waitFor();
  await picture(page, 'embed-thanks');
  const submissions = await submissionsOf(formId);
  expect(submissions).toHaveLength(1);
  expect(submissions[0]?.pageUrl).toBe(siteUrl);
  expect(submissions[0]?.values).toContainEqual(expect.objectContaining({ name: 'jobtitle', value: '部長' }));
  expect(complaints.filter((text) => !text.includes('400'))).toEqual([]);
});

test('a form that the page wrote itself works without JavaScript, and better with it', async () => {
  const formId = await givenForm();
  const own = `<form data-tsunagi-form="${formId}" method="post" action="${local.publicUrl}/f/${formId}"><p><label>メールアドレス <input type="email" name="email" required></label></p><p><label>姓 <input name="lastname"></label></p><button>送る</button></form>`;
  body = own;
  const plain = await open(siteUrl, false);
  await plain.page.getByLabel('メールアドレス').fill('plain@example.co.jp');
  await plain.page.getByLabel('姓').fill('素朴');
  await plain.page.getByRole('button', { name: '送る' }).click();
  await plain.page.getByRole('status').waitFor();
  body = `${own}${script()}`;
  const { page } = await open(siteUrl);
  await page.locator('form[novalidate]').waitFor();
  await page.getByLabel('メールアドレス').fill('better');
  await page.getByRole('button', { name: '送る' }).click();
  await page.getByText('メールアドレスの形式が正しくありません').waitFor();
  await page.getByLabel('メールアドレス').fill('better@example.co.jp');
  await page.getByLabel('姓').fill('改良');
  await page.getByRole('button', { name: '送る' }).click();
  await page.getByRole('status').waitFor();
  expect(await submissionsOf(formId)).toHaveLength(2);
});

test('the form’s own page solves its captcha, too, and asks a field only when it is due', async () => {
  const formId = await givenForm({ recaptchaEnabled: true });
  const { page, complaints } = await open(`${local.publicUrl}/f/${formId}`);
  await page.locator('form[novalidate]').waitFor();
  expect(await page.getByLabel('役職').isVisible()).toBe(false);
  await page.getByLabel('メールアドレス').fill('hosted@example.co.jp');
  await page.getByLabel('姓').fill('本家');
  await picture(page, 'hosted-form');
  await page.getByRole('button', { name: '送信' }).click();
  await page.getByRole('status').waitFor();
  expect(await submissionsOf(formId)).toHaveLength(1);
  expect(complaints).toEqual([]);
});

test('where the server cannot be reached nothing that was typed is lost, and one more press sends it once', async () => {
  const formId = await givenForm();
  body = `<div data-tsunagi-form="${formId}"></div>${script()}`;
  const { page } = await open(siteUrl);
  await page.getByLabel('メールアドレス').fill('offline@example.co.jp');
  await page.getByLabel('姓').fill('圏外');
  let lost = 0;
  await page.route('**/f/**', async (route) => {
    lost += 1;
    // The first arrives, and its answer is lost on the way.
    if (lost === 1) await route.fetch();
    return lost < 3 ? route.abort() : route.continue();
  });
  await page.getByRole('button', { name: '送信' }).click();
  await page.getByRole('status').waitFor();
  expect(await submissionsOf(formId)).toHaveLength(1);
});
