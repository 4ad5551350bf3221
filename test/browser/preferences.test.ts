import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DemoClient } from '../../cdk/local/demo/client.ts';
import type { LocalSystem } from '../../cdk/local/local-system.ts';
import { pictures, startBrowser } from '../support/browser.ts';
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
const picture = (page: Page, name: string) => page.screenshot({ path: `${pictures}${name}.png`, fullPage: true });
const email = 'tanaka@example.co.jp';

test('somebody chooses kinds of mail without a script, and the evidence shows what they saw', async () => {
  const client = new DemoClient(local);
  const links = await client.post<{ managePreferencesUrl: string; unsubscribeSingleUrl: string }>(
    '/communication-preferences/v4/links/generate?channel=EMAIL',
    { subscriberIdString: email, subscriptionId: 2 },
  );
  const context = await browser.newContext({ javaScriptEnabled: false, locale: 'ja-JP' });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(links.managePreferencesUrl);
  await picture(page, 'preferences-ja');
  await page.getByRole('checkbox', { name: /お知らせ/ }).uncheck();
  await page.getByRole('button', { name: '設定を保存する' }).click();
  expect(await page.getByRole('status').textContent()).toBe('設定を保存しました。');
  expect(await page.getByRole('checkbox', { name: /お知らせ/ }).isChecked()).toBe(false);
  await page.goto(`${links.unsubscribeSingleUrl}?lang=en`);
  await picture(page, 'unsubscribed-en');
  await page.getByRole('button', { name: 'Subscribe again' }).click();
  expect(await page.getByRole('status').textContent()).toContain('News and campaigns');
  for (const lang of ['ja', 'en']) {
    const url = `${local.apiUrl}/marketing/v1/consents?email=${email}&format=html&lang=${lang}`;
    await page.setExtraHTTPHeaders({ authorization: `Bearer ${local.accessToken}` });
    await page.goto(url);
    expect(await page.getByRole('row').count()).toBeGreaterThan(5);
    await picture(page, `consents-${lang}`);
  }
  expect(complaints).toEqual([]);
});
