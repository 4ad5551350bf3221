import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSystem } from '../../cdk/local/local-system.ts';
import { pictures, startBrowser } from '../support/browser.ts';
import { api } from '../support/landing-page.ts';
import { testLocal } from '../support/local.ts';
import { givenPeople, mailsTo } from '../support/survey-story.ts';
import { eventually } from '../support/wait.ts';

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

const widgets = {
  head: {
    body: {
      path: '@hubspot/rich_text',
      html: '<h1 style="font-size:22px">春の特集のご案内</h1><p>{{ contact | honorific }}</p>',
    },
  },
  words: {
    body: {
      path: '@hubspot/rich_text',
      html: '<p>平素よりお世話になっております。{{ "2027-04-01T01:00:00Z" | jp_era }}より、新しい特集を公開いたします。</p>',
    },
  },
  button: { body: { path: '@hubspot/email_cta', text: '特集を見る', destination: 'https://example.co.jp/spring' } },
  view: { body: { path: '@hubspot/rich_text', html: '<p><a href="{{ view_link }}">ブラウザで表示する</a></p>' } },
  preview_text: { body: { value: '4月1日公開の特集のお知らせです' } },
};

/** Published to one person, as HubSpot's client would do it. */
async function mailed(): Promise<string> {
  const details = { senderName: '株式会社例', address: '東京都港区1-1-1', contact: 'https://example.co.jp/contact' };
  await api(local, 'PUT', '/marketing/v1/mail-settings', details);
  const [person] = await givenPeople(local, 'reader', 1);
  const { id } = await api<{ id: string }>(local, 'POST', '/marketing/v3/emails', {
    name: '春の特集',
    subject: '【春の特集】{{ contact.lastname }}様へ',
    content: { widgets },
    from: { fromName: '株式会社例' },
    to: { contactIds: { include: [String(person?.id)] } },
  });
  await api(local, 'POST', `/marketing/v3/emails/${id}/publish`);
  const mail = await eventually('the mail', async () => (await mailsTo(local, [person?.email ?? '']))[0], 20_000);
  await eventually('the counters', async () => {
    const email = await api<{ stats: { counters: { sent: number } } }>(
      local,
      'GET',
      `/marketing/v3/emails/${id}?includeStats=true`,
    );
    return email.stats.counters.sent === 1 || undefined;
  });
  return mail.html ?? '';
}

test('an e-mail of modules arrives in Japanese with what the law wants said, and its page shows the same', async () => {
  const html = await mailed();
  const page = await browser.newPage({ viewport: { width: 720, height: 900 }, locale: 'ja-JP' });
  await page.setContent(html);
  const words = await page.locator('body').innerText();
  expect(words).toContain('令和9年4月1日より');
  for (const said of ['様', '送信者: 株式会社例', '住所: 東京都港区1-1-1', '配信停止']) expect(words).toContain(said);
  await page.screenshot({ path: `${pictures}email.png`, fullPage: true });

  const view = /href="([^"]*)"[^>]*>ブラウザで表示する/.exec(html)?.[1] ?? '';
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(view.replaceAll('&amp;', '&'));
  // A click through a mail's link asks people once whether it was they.
  if (/\/c\//.test(page.url())) await page.locator('a, button').first().click();
  await page.waitForURL(/\/v\//);
  expect(await page.locator('h1').innerText()).toBe('春の特集のご案内');
  expect(complaints).toEqual([]);
  await page.screenshot({ path: `${pictures}email-web.png`, fullPage: true });
});
