import { expect, test } from 'vitest';
import { surveyMail } from '../../../lib/surveys/mail.ts';
import { surveyTypes } from '../../../lib/surveys/schema.ts';
import { scoresOf } from '../../../lib/surveys/score.ts';
import { survey } from './given.ts';

const to = {
  lastname: '佐藤',
  firstname: '健',
  surveyUrl: 'https://public.test/s/abc.def-g',
  unsubscribeUrl: 'https://public.test/u/xyz',
  language: 'ja',
  senderName: '株式会社つなぎ',
} as const;
const linksIn = (html: string) => [...html.matchAll(/href="([^"]*)"/g)].map(([, url]) => url);

test.each(
  surveyTypes,
)('a mail of type %s has one link for each score, in HTML and in text, and the way out', (type) => {
  const mail = surveyMail(survey({ type }), to);
  const expected = scoresOf(type).map((score) => `${to.surveyUrl}?score=${score}`);
  expect(linksIn(mail.html)).toEqual([...expected, to.unsubscribeUrl]);
  expect([...mail.text.matchAll(/https:\S+/g)].map(([url]) => url)).toEqual([...expected, to.unsubscribeUrl]);
});

test.each([
  [{ lastname: '佐藤' }, '佐藤 様'],
  [{ lastname: '佐藤様' }, '佐藤 様'],
  [{ lastname: '佐藤　様 ' }, '佐藤 様'],
  [{ lastname: '鵜殿' }, '鵜殿 様'],
  [{ lastname: undefined, firstname: undefined }, 'ご担当者様'],
  [{ lastname: ' ', firstname: '' }, 'ご担当者様'],
  [{ lastname: 'ご担当者様', firstname: '' }, 'ご担当者様'],
  [{ lastname: '', firstname: '健' }, '健 様'],
] as const)('%j is greeted with %s, once', (name, greeting) => {
  const { html, text } = surveyMail(survey(), { ...to, ...name });
  expect(text.split('\n')[0]).toBe(greeting);
  expect(html).toContain(`>${greeting}</p>`);
  expect(text.split('\n')[0]?.match(/様/g)).toHaveLength(1);
});

test('an English mail greets with both names and says nothing in Japanese', () => {
  const english = survey({ type: 'CSAT', language: 'en', name: 'Survey', closesAt: '2026-12-01T09:00:00Z' });
  const { subject, text, html } = surveyMail(english, {
    ...to,
    lastname: 'Smith',
    firstname: 'Ann',
    language: 'en',
    senderName: 'Tsunagi',
  });
  expect(text).toMatch(/^Dear Ann Smith,/);
  expect(text).toMatch(/Please answer by 1 December 2026.*18:00 \(JST\)/);
  expect(`${subject}${text}${html}`).not.toMatch(/[ぁ-んァ-ヶ一-龠]/);
});

test('the end of the time, the sender and the author’s own words stand in it', () => {
  const own = survey({ closesAt: '2026-12-01T09:00:00Z', subject: '四半期のお伺い', introduction: '一行目\n二行目' });
  const { subject, html, text } = surveyMail(own, to);
  expect(subject).toBe('四半期のお伺い');
  expect(text).toContain('回答期限：2026/12/01(火) 18:00');
  expect(text).toContain('送信者: 株式会社つなぎ');
  expect(html).toContain('一行目<br>二行目');
  expect(surveyMail(survey(), to).text).not.toContain('回答期限');
});

test('a survey without a score has one button to its page', () => {
  const free = survey({ type: 'CUSTOM', questions: [{ id: 'voice', type: 'text', label: 'ご意見' }] });
  expect(linksIn(surveyMail(free, to).html)).toEqual([to.surveyUrl, to.unsubscribeUrl]);
});

test('what people typed is text, never markup, and the styles stand in the elements', () => {
  const evil = '"><script>alert(1)</script>&';
  const hostile = survey({
    name: evil,
    subject: evil,
    introduction: evil,
    questions: [{ id: 'score', type: 'score', label: evil }],
  });
  const { html, text } = surveyMail(hostile, { ...to, lastname: evil, firstname: evil, senderName: evil });
  expect(html).not.toMatch(/<script|<style|\sclass=|<link/i);
  expect(html.match(/&lt;script&gt;/g)?.length).toBeGreaterThanOrEqual(4);
  expect(text).toContain(evil);
});

const placement = survey({
  type: 'CUSTOM',
  questions: [{ id: 'placement', type: 'select', label: '掲載の可否', options: ['可', '不可 & 保留'] }],
});

test('a choice of up to five options has a button for each, with the option in its link', () => {
  const expected = [
    `${to.surveyUrl}?answer=%E5%8F%AF`,
    `${to.surveyUrl}?answer=%E4%B8%8D%E5%8F%AF%20%26%20%E4%BF%9D%E7%95%99`,
  ];
  const mail = surveyMail(placement, to);
  expect(linksIn(mail.html)).toEqual([...expected, to.unsubscribeUrl]);
  expect([...mail.text.matchAll(/https:\S+/g)].map(([url]) => url)).toEqual([...expected, to.unsubscribeUrl]);
  expect(mail.html).toContain('>不可 &amp; 保留</a>');
});

test('more options, or words alone, have one button to the page', () => {
  const options = ['1', '2', '3', '4', '5', '6'];
  for (const question of [
    { id: 'a', type: 'select', label: '部署', options },
    { id: 'a', type: 'text', label: 'ご意見' },
  ] as const) {
    const mail = surveyMail(
      survey({ type: 'CUSTOM', questions: [{ ...question, options: 'options' in question ? options : undefined }] }),
      to,
    );
    expect(linksIn(mail.html)).toEqual([to.surveyUrl, to.unsubscribeUrl]);
  }
});

test.each(['ja', 'en'] as const)('a reminder of an anonymous survey leads to the first mail, in %s', (language) => {
  const { surveyUrl: _, ...linkless } = to;
  const asked = survey({ anonymous: true, language, subject: 'お伺い' });
  const mail = surveyMail(asked, { ...linkless, language, isReminder: true });
  expect(linksIn(mail.html)).toEqual([to.unsubscribeUrl]);
  expect(mail.subject).toMatch(language === 'ja' ? /^【再送】お伺い$/ : /^Reminder: お伺い$/);
  expect(mail.text).toContain('お伺い');
  expect(mail.text).toMatch(language === 'ja' ? /匿名/ : /anonymous/);
});
