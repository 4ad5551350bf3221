import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DemoClient } from '../../cdk/local/demo/client.ts';
import { loadReports } from '../../cdk/local/demo/reports.ts';
import type { LocalSystem } from '../../cdk/local/local-system.ts';
import { startBrowser } from '../support/browser.ts';
import { testLocal } from '../support/local.ts';
import { eventually } from '../support/wait.ts';

let local: LocalSystem;
let browser: Browser;
let address = '';
beforeAll(async () => {
  local = await testLocal();
  const client = new DemoClient(local);
  await loadReports(client);
  const ticket = { subject: 'タグの設置', hs_pipeline: '0', hs_pipeline_stage: '1', inquiry_type: 'inquiry' };
  for (let n = 0; n < 7; n += 1) await client.post('/crm/v3/objects/tickets', { properties: ticket });
  const internal = { ...ticket, hs_pipeline: '107', hs_pipeline_stage: '10701' };
  await client.post('/crm/v3/objects/tickets', { properties: internal });
  const { results } = await client.get<{ results: { id: string; tiles: { reportId: string }[] }[] }>(
    '/reports/v1/dashboards',
  );
  const dashboard = results[0];
  await eventually('eight tickets to be counted', async () => {
    const data = await client.get<{ rows: { value: number }[] }>(
      `/reports/v1/reports/${dashboard?.tiles[0]?.reportId}/data`,
    );
    return data.rows.reduce((sum, { value }) => sum + value, 0) === 8;
  });
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const { url } = await client.post<{ url: string }>(`/reports/v1/dashboards/${dashboard?.id}/share`, { expiresAt });
  address = url;
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await local?.stop();
});

/** Opens the shared link without JavaScript, and keeps what the browser complains of. */
async function openDashboard(options: BrowserContextOptions = {}): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: 'ja-JP', ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  expect((await page.goto(address))?.status()).toBe(200);
  return { page, complaints };
}

test('the shared link shows the week’s seven tickets as a chart and as a table', async () => {
  const { page, complaints } = await openDashboard();
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('【サクセス】問合せチーム');
  const weekly = page.getByRole('region', { name: '【サクセス】各週チケット発行件数(問合せ)' });
  const chart = weekly.getByRole('img', { name: '【サクセス】各週チケット発行件数(問合せ)' });
  const box = await chart.boundingBox();
  expect(box?.width ?? 0).toBeGreaterThan(600);
  expect(box?.height ?? 0).toBeGreaterThan(200);

  const row = weekly.getByRole('row').filter({ hasText: 'の週' }).last();
  expect(await row.getByRole('cell').allTextContents()).toEqual(['7', '1', '8']);
  expect(await weekly.getByRole('columnheader').allTextContents()).toEqual([
    '作成日',
    '【サクセス】問合せ対応',
    '【サクセス】社内問合せ',
    '合計',
  ]);
  expect(complaints).toEqual([]);
});

test('the bars are drawn in their colours, the seven seven times as high as the one', async () => {
  const { page } = await openDashboard();
  const bars = page.locator('svg.chart').first().locator('rect');
  expect(await bars.count()).toBe(2);
  const heights = await Promise.all([0, 1].map(async (n) => (await bars.nth(n).boundingBox())?.height ?? 0));
  expect(Math.abs((heights[0] ?? 0) / (heights[1] ?? 1) - 7)).toBeLessThan(0.3);
});

test('a dark screen gets light ink and other colours', async () => {
  const styles = async (colorScheme: 'light' | 'dark') => {
    const { page } = await openDashboard({ colorScheme, javaScriptEnabled: true });
    return page.evaluate<{ ink: string; paper: string; bar: string }>(`({
      ink: getComputedStyle(document.body).color,
      paper: getComputedStyle(document.querySelector('main')).backgroundColor,
      bar: getComputedStyle(document.querySelector('svg.chart rect')).fill,
    })`);
  };
  const [light, dark] = [await styles('light'), await styles('dark')];
  expect(dark.ink).not.toBe(light.ink);
  expect(dark.paper).not.toBe(light.paper);
  expect(dark.bar).not.toBe(light.bar);
  expect(light.bar).toBe('rgb(31, 95, 191)');
});

test('it is usable on a telephone: nothing but charts and tables scrolls sideways', async () => {
  const { page } = await openDashboard({ viewport: { width: 360, height: 740 }, javaScriptEnabled: true });
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
  expect(overflow).toBeLessThanOrEqual(0);
  const tile = await page.getByRole('region').first().boundingBox();
  expect((tile?.x ?? 0) + (tile?.width ?? 0)).toBeLessThanOrEqual(360);
});

test('a period is chosen without a script, and the link stays good', async () => {
  const { page } = await openDashboard();
  await page.getByLabel('開始日').fill('2020-01-06');
  await page.getByLabel('終了日').fill('2020-01-26');
  await page.getByRole('button', { name: '表示' }).click();
  const weekly = page.getByRole('region', { name: '【サクセス】各週チケット発行件数(問合せ)' });
  expect(await weekly.getByRole('rowheader').allTextContents()).toEqual([
    '2020/01/06の週',
    '2020/01/13の週',
    '2020/01/20の週',
    '合計',
  ]);
});

test('an English visitor reads English', async () => {
  const { page } = await openDashboard({ locale: 'en-US' });
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  expect(await page.getByRole('button', { name: 'Show' }).count()).toBe(1);
  expect(await page.getByRole('rowheader', { name: /Week of/ }).count()).toBe(12);
});

test('without the link there is a page that says how to get one', async () => {
  const page = await browser.newPage({ locale: 'ja-JP' });
  const response = await page.goto(address.split('?')[0] ?? '');
  expect(response?.status()).toBe(401);
  expect(await page.getByRole('heading').textContent()).toBe('このダッシュボードを見るにはリンクが必要です');
});
