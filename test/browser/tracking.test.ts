import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DemoClient } from '../../cdk/local/demo/client.ts';
import type { LocalSystem } from '../../cdk/local/local-system.ts';
import { startBrowser } from '../support/browser.ts';
import { testLocal } from '../support/local.ts';
import { chrome } from '../support/tracking.ts';
import { expectVerified } from '../support/verified.ts';
import { eventually } from '../support/wait.ts';

let local: LocalSystem;
let browser: Browser;
let site: Server;
let origin: string;
let formId: string;

/** A company's own page on another origin, with a strict policy: the script and its one address are all that it lets in. */
const landingPage = () => `<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>資料請求</title>
<script src="/queue.js"></script><script async src="${local.publicUrl}/t.js"></script></head>
<body><a id="next" href="#">料金</a><form><input name="email" aria-label="メール"><button>送る</button></form>
<script src="/page.js"></script></body></html>`;

const pageScript = () => `
document.getElementById('next').addEventListener('click', (event) => {
  event.preventDefault();
  history.pushState({}, '', '/price');
  document.title = '料金';
});
document.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const hutk = (document.cookie.match(/hubspotutk=([0-9a-f]{32})/) || [])[1];
  const fields = [{ objectTypeId: '0-1', name: 'email', value: event.target.email.value }];
  await fetch('${local.publicUrl}/submissions/v3/integration/submit/${local.portalId}/${formId}', {
    method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ fields, context: { hutk, pageUri: location.href, pageName: document.title } }),
  });
  document.body.append('受け付けました');
});`;

function serve(path: string): [string, string] {
  if (path === '/page.js') return ['text/javascript', pageScript()];
  if (path === '/queue.js') return ['text/javascript', '(window._tsq = window._tsq || []);'];
  return ['text/html; charset=utf-8', landingPage()];
}

beforeAll(async () => {
  local = await testLocal();
  browser = await startBrowser(['--disable-blink-features=AutomationControlled']);
  site = createServer((request, response) => {
    const [type, body] = serve((request.url ?? '/').split('?')[0] ?? '/');
    const policy = `default-src 'none'; script-src 'self' ${local.publicUrl}; connect-src ${local.publicUrl}`;
    response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(body);
  }).listen(0, '127.0.0.1');
  await new Promise((done) => site.once('listening', done));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  const field = {
    objectTypeId: '0-1',
    name: 'email',
    label: 'メール',
    fieldType: 'email',
    required: true,
    hidden: false,
  };
  const fieldGroups = [{ groupType: 'default_group', richTextType: 'text', fields: [field] }];
  const form = { formType: 'hubspot', name: '資料請求フォーム', fieldGroups };
  formId = (await new DemoClient(local).post<{ id: string }>('/marketing/v3/forms', form)).id;
});
afterAll(async () => {
  await browser?.close();
  site?.close();
  await local?.stop();
});

/** A visitor's browser; `before` runs in each page before anything else. */
async function visitor(before?: string): Promise<{ page: Page; collected: string[]; complaints: string[] }> {
  const context = await browser.newContext({ userAgent: chrome, locale: 'ja-JP' });
  if (before) await context.addInitScript(before);
  const page = await context.newPage();
  const [collected, complaints]: [string[], string[]] = [[], []];
  page.on('request', (request) => {
    if (request.url().endsWith('/collect')) collected.push(request.postData() ?? '');
  });
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return { page, collected, complaints };
}

const client = () => new DemoClient(local);
const names =
  'hs_analytics_source,hs_analytics_first_url,hs_analytics_num_page_views,first_conversion_event_name,lifecyclestage';
const contactOf = (email: string) =>
  client().call<{ id: string; properties: Record<string, string> }>(
    'GET',
    `/crm/v3/objects/contacts/${email}?idProperty=email&properties=${names}`,
    undefined,
    { expected: [404] },
  );

test('a visitor sees two pages, sends a form, and the contact has its first touch, its timeline and its place in the attribution', async () => {
  const { page, collected, complaints } = await visitor();
  await page.goto(`${origin}/lp?utm_source=google&utm_medium=cpc&utm_campaign=autumn&gclid=x`);
  await eventually('the first page view', async () => collected.length === 1);
  await page.locator('#next').click();
  await eventually('the view of the page without a load', async () => collected.length === 2);
  await page.getByLabel('メール').fill('visitor@example.co.jp');
  await page.getByRole('button').click();
  await page.getByText('受け付けました').waitFor();
  const contact = await eventually('the first touch', async () => {
    const found = await contactOf('visitor@example.co.jp');
    return found?.properties.hs_analytics_num_page_views === '2' && found;
  });
  expect(contact.properties).toMatchObject({
    hs_analytics_source: 'PAID_SEARCH',
    hs_analytics_first_url: `${origin}/lp?utm_source=google&utm_medium=cpc&utm_campaign=autumn`,
    first_conversion_event_name: '料金: 資料請求フォーム',
  });
  const timeline = await client().get<{ results: { title: string }[] }>(
    `/crm/v1/objects/contacts/${contact.id}/timeline?kinds=visit`,
  );
  expect(timeline.results.map(({ title }) => title)).toEqual(['ページ閲覧: 料金', '初回訪問: 資料請求']);
  const rows = await eventually('the attribution', async () => {
    const { rows } = await client().get<{ rows: unknown[] }>('/reports/v1/attribution?by=campaign');
    return rows.length > 0 && rows;
  });
  expect(rows).toMatchObject([{ key: 'autumn', firstTouch: 1, leads: 1, customers: 0 }]);
  expect(complaints).toEqual([]);
  await expectVerified(local);
});

test('the cookie lasts 180 days and is the site’s own; what a mail told is gone from the address, and sent once', async () => {
  const { page, collected } = await visitor();
  await page.goto(`${origin}/lp?a=1&_ts_id=told#part`);
  await eventually('the page view', async () => collected.length === 1);
  expect(page.url()).toBe(`${origin}/lp?a=1#part`);
  expect(JSON.parse(collected[0] ?? '')).toMatchObject({
    identity: 'told',
    events: [{ url: `${origin}/lp?a=1#part` }],
  });
  // The browser's one process keeps cookies where only the page sees them.
  const cookie = await page.evaluate<{ expires: number }>(`cookieStore.get('hubspotutk')`);
  expect(cookie).toMatchObject({
    domain: null,
    path: '/',
    sameSite: 'lax',
    value: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect((cookie.expires - Date.now()) / 86_400_000).toBeCloseTo(180, 0);
  await page.evaluate(
    `window._hsq.push(['setPath', '/virtual'], ['trackPageView'], ['trackCustomBehavioralEvent', { name: 'x', properties: { a: 1 } }])`,
  );
  await eventually('what the page says itself', async () => collected.length === 2);
  const { identity, events } = JSON.parse(collected[1] ?? '') as { identity?: string; events: unknown[] };
  expect(identity).toBeUndefined();
  expect(events).toMatchObject([
    { type: 'view', url: `${origin}/virtual` },
    { type: 'event', name: 'x', properties: { a: 1 } },
  ]);
});

test('who asks not to be tracked is not: no cookie, no call', async () => {
  const asks = [
    `Object.defineProperty(Navigator.prototype, 'doNotTrack', { get: () => '1' })`,
    `Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })`,
    `Object.defineProperty(Navigator.prototype, 'webdriver', { get: () => true })`,
    // What sets a cookie comes last, for this browser has one process and may share them between its contexts.
    `window._tsq = [['doNotTrack']]`,
    `document.cookie = '__ts_opt_out=yes; path=/'`,
  ];
  for (const ask of asks) {
    const { page, collected } = await visitor(ask);
    // A host of its own: cookies of the other one are none of its.
    const other = origin.replace('127.0.0.1', 'localhost');
    await page.goto(`${other}/lp`);
    expect(await page.evaluate('window.__tsunagi')).toBe(true);
    await page.goto(`${other}/other`);
    expect(collected, ask).toEqual([]);
    expect(await page.evaluate('document.cookie'), ask).not.toContain('hubspotutk');
  }
});
