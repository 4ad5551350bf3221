import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSystem } from '../../cdk/local/local-system.ts';
import { pictures, startBrowser } from '../support/browser.ts';
import { api } from '../support/landing-page.ts';
import { testLocal } from '../support/local.ts';
import { givenPeople, givenSurvey, type Mail, mailsTo, resultsOf, scoreLink } from '../support/survey-story.ts';
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

let tag = 0;

/** Asks one person by mail. */
async function invited(survey: Record<string, unknown> = {}): Promise<{ mail: Mail; surveyId: string }> {
  tag += 1;
  const surveyId = await givenSurvey(local, survey);
  const [person] = await givenPeople(local, `browser${tag}`, 1);
  const body = { surveyId, audience: { contactIds: [person?.id] }, subscriptionTypeId: '1' };
  const { id } = await api<{ id: string }>(local, 'POST', '/marketing/v1/sends', body);
  await api(local, 'POST', `/marketing/v1/sends/${id}/confirm`, {});
  const mail = await eventually('the mail', async () => (await mailsTo(local, [person?.email ?? '']))[0], 20_000);
  return { mail, surveyId };
}

async function visitor(url: string, viewport = { width: 1024, height: 768 }) {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: 'ja-JP', viewport });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(url);
  return { page, complaints };
}
const picture = (page: Page, name: string) => page.screenshot({ path: `${pictures}${name}.png`, fullPage: true });
const boxesOf = async (page: Page, place: string) =>
  Promise.all((await page.locator(place).all()).map((each) => each.boundingBox()));
const chosenScores = async (page: Page) =>
  Promise.all((await page.locator('input[type=radio]:checked').all()).map((box) => box.getAttribute('value')));

test('a reader opens the mail in the local view, clicks a score, and answers on the page that opens', async () => {
  const { mail, surveyId } = await invited();
  const { page } = await visitor(`${local.localUrl}/mail/${mail.messageId}`);
  const opening = page.waitForEvent('popup');
  await page.frameLocator('iframe').getByRole('link', { name: '7', exact: true }).click();
  const survey = await opening;
  await survey.waitForLoadState();
  expect(await chosenScores(survey)).toEqual(['7']);
  await survey.getByRole('button').first().click();
  await survey.getByRole('status').waitFor();
  await eventually('the answer', async () => (await resultsOf(local, surveyId)).responses === 1);
});

test('a person answers with the keyboard alone, and finds the answer again', async () => {
  const { mail, surveyId } = await invited({
    thanks: [{ min: 9, text: '推奨ありがとうございます' }, { text: '別の文言' }],
  });
  const { page, complaints } = await visitor(scoreLink(mail, 8));
  expect(await chosenScores(page)).toEqual(['8']);
  await picture(page, 'survey');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  expect(await chosenScores(page)).toEqual(['9']);
  await page.keyboard.press('Tab');
  await page.keyboard.type('とても丁寧でした');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const status = page.getByRole('status');
  await status.waitFor();
  expect(await status.textContent()).toBe('推奨ありがとうございます');
  await picture(page, 'survey-thanks');
  await page.getByRole('link', { name: '回答を見直す' }).click();
  expect(await chosenScores(page)).toEqual(['9']);
  expect(await page.getByLabel('その評価にされた理由をお聞かせください。').inputValue()).toBe('とても丁寧でした');
  expect(complaints).toEqual([]);
  await eventually('the results', async () => (await resultsOf(local, surveyId)).responses === 1);
});

test('what is missing is told beside the question, with all that was typed', async () => {
  const { mail } = await invited({
    questions: [
      { id: 'score', type: 'score', label: '評価' },
      { id: 'area', type: 'select', label: '対象', options: ['営業', 'サポート'], required: true },
      { id: 'voice', type: 'text', label: 'ご意見' },
    ],
  });
  const { page } = await visitor(scoreLink(mail, 8).replace('?score=8', ''));
  await page.getByLabel('ご意見').fill('残る文');
  await page.getByRole('button', { name: '回答を送信' }).click();
  const alert = page.getByRole('alert');
  await alert.waitFor();
  expect(await page.evaluate<string>('document.activeElement.getAttribute("role")')).toBe('alert');
  await picture(page, 'survey-problems');
  expect(await alert.getByRole('listitem').allTextContents()).toEqual([
    '評価: 回答してください',
    '対象: 回答してください',
  ]);
  expect(await page.getByLabel('ご意見').inputValue()).toBe('残る文');
  const group = page.getByRole('group', { name: '評価' });
  const describedBy = await group.getAttribute('aria-describedby');
  expect(await page.locator(`#${describedBy}`).textContent()).toBe('回答してください');
  await alert.getByRole('link', { name: '評価' }).click();
  await group.getByLabel('10').check();
  await page.getByLabel('サポート').check();
  await page.getByRole('button', { name: '回答を送信' }).click();
  await page.getByRole('status').waitFor();
});

const following = (language: 'ja' | 'en') => {
  const [score, why, praise, thanks, sorry] =
    language === 'ja'
      ? ['推薦の度合い', '改善してほしい点', '良かった点', '推奨ありがとうございます', '改善いたします']
      : [
          'How likely are you to recommend us?',
          'What should we improve?',
          'What did you like?',
          'Thank you',
          'We will do better',
        ];
  return {
    language,
    questions: [
      { id: 'score', type: 'score', label: score },
      { id: 'why', type: 'text', label: why, required: true, showIf: { questionId: 'score', max: 6 } },
      { id: 'praise', type: 'text', label: praise, showIf: { questionId: 'score', min: 9 } },
    ],
    thanks: [{ min: 9, text: thanks }, { text: sorry }],
    words: { score, why, praise, thanks, sorry },
  };
};

/** The page on a desk and on a telephone, where nothing may be wider than the screen. */
async function wideAndNarrow(page: Page, name: string): Promise<void> {
  await picture(page, name);
  await page.setViewportSize({ width: 360, height: 740 });
  await picture(page, `${name}-telephone`);
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  await page.setViewportSize({ width: 1024, height: 768 });
}

test.each([
  'ja',
  'en',
] as const)('a question comes and goes with the score, by keys alone and without a script: %s', async (language) => {
  const { words, ...survey } = following(language);
  const { mail } = await invited(survey);
  const { page, complaints } = await visitor(scoreLink(mail, 9));
  const [why, praise] = [page.getByLabel(words.why), page.getByLabel(words.praise)];
  expect([await why.isVisible(), await praise.isVisible()]).toEqual([false, true]);
  await wideAndNarrow(page, `survey-praise-${language}`);
  await page.keyboard.press('Tab');
  for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press('ArrowLeft');
  expect(await chosenScores(page)).toEqual(['5']);
  expect([await why.isVisible(), await praise.isVisible()]).toEqual([true, false]);
  expect(complaints).toEqual([]);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  expect(await why.isVisible()).toBe(true);
  await wideAndNarrow(page, `survey-why-${language}`);
  await why.fill('X');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const status = page.getByRole('status');
  await status.waitFor();
  expect(await status.textContent()).toBe(words.sorry);
  await wideAndNarrow(page, `survey-sorry-${language}`);
});

test('an anonymous survey says so, thanks at once, and cannot be opened again', async () => {
  const { mail } = await invited({ anonymous: true, thanks: [{ text: 'ありがとうございました' }] });
  const link = scoreLink(mail, 9);
  const { page } = await visitor(link);
  await picture(page, 'survey-anonymous');
  expect(await page.getByText('匿名です').isVisible()).toBe(true);
  await page.getByRole('button').first().click();
  await page.getByRole('status').waitFor();
  expect(await page.getByRole('link').count()).toBe(0);
  await page.goto(link);
  expect(await page.getByText('匿名の回答のため').isVisible()).toBe(true);
  await picture(page, 'survey-anonymous-again');
});

test('a choice in the mail opens the page with the option chosen', async () => {
  const { mail } = await invited({
    type: 'CUSTOM',
    questions: [{ id: 'placement', type: 'select', label: '掲載の可否', options: ['可', '不可'] }],
  });
  const mailPage = await browser.newPage({ viewport: { width: 360, height: 640 }, javaScriptEnabled: false });
  await mailPage.setContent(mail.html ?? '');
  await picture(mailPage, 'survey-mail-options');
  const link = await mailPage.getByRole('link', { name: '不可' }).getAttribute('href');
  const { page } = await visitor(link ?? '', { width: 360, height: 640 });
  expect(await page.getByLabel('不可').isChecked()).toBe(true);
  await picture(page, 'survey-options');
});

test('every score fits a telephone and is as large as a thumb', async () => {
  const { mail } = await invited();
  const { page } = await visitor(scoreLink(mail, 5), { width: 320, height: 640 });
  await picture(page, 'survey-telephone');
  const boxes = await boxesOf(page, '.scale label');
  expect(boxes).toHaveLength(11);
  for (const box of boxes) {
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(320);
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
  }
});

test.each(['light', 'dark'] as const)('the words can be read in %s colours', async (colorScheme) => {
  const { mail } = await invited({ anonymous: true });
  const { page } = await visitor(scoreLink(mail, 5));
  await page.emulateMedia({ colorScheme });
  const contrasts = await Promise.all(
    ['h1', '.note', 'legend', '.ends', '.scale label', 'button'].map(
      async (place) => [place, await contrastOf(page, place)] as const,
    ),
  );
  for (const [place, contrast] of contrasts) expect(contrast, `${place} in ${colorScheme}`).toBeGreaterThanOrEqual(4.5);
});

/** The contrast of a text with what is behind it, as WCAG 2 reckons it. */
async function contrastOf(page: Page, place: string): Promise<number> {
  const colours = await page.evaluate<string[]>(`(() => {
    const behind = (at) => {
      const colour = at ? getComputedStyle(at).backgroundColor : 'rgb(255, 255, 255)';
      return colour === 'rgba(0, 0, 0, 0)' ? behind(at?.parentElement) : colour;
    };
    const element = document.querySelector(${JSON.stringify(place)});
    return [getComputedStyle(element).color, behind(element)];
  })()`);
  const luminance = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = [...colour.matchAll(/[\d.]+/g)].map(([part]) => {
      const share = Number(part) / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light = 0, dark = 0] = colours.map(luminance).toSorted((one, other) => other - one);
  return (light + 0.05) / (dark + 0.05);
}

test('the mail shows its scores as buttons without a style sheet, also on a telephone', async () => {
  const { mail } = await invited();
  const page = await browser.newPage({ viewport: { width: 320, height: 640 }, javaScriptEnabled: false });
  await page.setContent(mail.html ?? '');
  await picture(page, 'survey-mail');
  const boxes = await boxesOf(page, 'a[href*="?score="]');
  expect(boxes).toHaveLength(11);
  for (const box of boxes) {
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(320);
    expect(box?.width).toBeGreaterThanOrEqual(40);
  }
});
