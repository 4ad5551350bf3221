import { expect, test } from 'vitest';
import { SurveyInput, type SurveyType, surveyTypes } from '../../../lib/surveys/schema.ts';
import { readScore, scoresOf } from '../../../lib/surveys/score.ts';
import { newSurvey, patchedSurvey, thanksFor } from '../../../lib/surveys/survey.ts';
import { now, survey } from './given.ts';

test.each([
  ['NPS', 0, 10],
  ['CES', 1, 7],
  ['CSAT', 1, 5],
  ['CUSTOM', 1, 5],
] as const)('%s goes from %i to %i, and nothing else is a score', (type, min, max) => {
  expect(scoresOf(type)).toEqual(Array.from({ length: max - min + 1 }, (_, n) => min + n));
  for (const text of [String(min - 1), String(max + 1), '', ' 5', '5.0', '1e0', '０', 'five', '-0'])
    expect(readScore(type, text), text).toBeUndefined();
  expect(readScore(type, String(max))).toBe(max);
});

test.each(surveyTypes)('a survey of type %s that says nothing asks a sensible question in its language', (type) => {
  for (const language of ['ja', 'en'] as const) {
    const made = survey({ type, language });
    expect(made.questions).toMatchObject([{ id: 'score', type: 'score', required: true }, { type: 'text' }]);
    expect(made.thanks).toHaveLength(1);
    expect(/[ぁ-ん]/.test(JSON.stringify([made.questions, made.thanks]))).toBe(language === 'ja');
  }
});

const refusalOf = (input: Record<string, unknown>) => {
  try {
    newSurvey(SurveyInput.parse({ name: 'n', type: 'NPS', ...input }), { id: '1', now });
  } catch (error) {
    return (error as { options: { context: { fields: string[] } } }).options.context.fields;
  }
};

test('what does not fit together is named', () => {
  const score = { id: 'a', type: 'score', label: '評価' };
  expect(refusalOf({ questions: [{ id: 't', type: 'text', label: 'x' }] })).toEqual(['questions']);
  expect(refusalOf({ questions: [score, { ...score, id: 'b' }] })).toEqual(['questions']);
  expect(refusalOf({ questions: [score, { id: 'a', type: 'text', label: 'x' }] })).toEqual(['questions']);
  expect(refusalOf({ questions: [score, { id: 's', type: 'select', label: 'x' }] })).toEqual(['questions.1.options']);
  expect(refusalOf({ questions: [{ ...score, options: ['1'] }] })).toEqual(['questions.0.options']);
  expect(refusalOf({ thanks: [{ min: 9, max: 3, text: 'x' }] })).toEqual(['thanks.0']);
  expect(refusalOf({ thanks: [{ max: 11, text: 'x' }] })).toEqual(['thanks.0']);
  expect(refusalOf({ type: 'CUSTOM', questions: [{ id: 't', type: 'text', label: 'x' }] })).toBeUndefined();
});

test('what a survey does not know is refused by its name', () => {
  const result = SurveyInput.safeParse({ name: 'n', type: 'NPS', reminder: true });
  expect(JSON.stringify(result.error?.issues)).toContain('reminder');
});

test('the thanks are those of the score, the first that fits', () => {
  const thanks = [{ min: 9, text: '推奨' }, { max: 6, text: 'お詫び' }, { text: 'その他' }];
  const of = (score: number | undefined) => thanksFor({ thanks, language: 'ja' }, score);
  expect([of(10), of(9), of(8), of(6), of(0), of(undefined)]).toEqual([
    '推奨',
    '推奨',
    'その他',
    'お詫び',
    'お詫び',
    'その他',
  ]);
  expect(thanksFor({ thanks: [{ min: 9, text: 'x' }], language: 'en' }, 3)).toMatch(/Thank you/);
});

test('a published survey keeps what its answers are counted by, and may change its words', () => {
  const published = survey();
  const patch = (given: Parameters<typeof patchedSurvey>[1]) => () => patchedSurvey(published, given, now);
  expect(patch({ type: 'CSAT' as SurveyType })).toThrow(/type: cannot change/);
  expect(patch({ questions: [{ id: 'score', type: 'text', label: 'x' }] })).toThrow(/questions.0.type/);
  expect(patch({ questions: [{ id: 'score', type: 'score', label: '新しい文言' }] })().questions).toHaveLength(1);
  const closing = patch({ closesAt: '2026-12-01T18:00:00+09:00' })();
  expect(closing).toMatchObject({ closesAt: '2026-12-01T09:00:00.000Z', version: published.version + 1 });
  expect(patchedSurvey(closing, { closesAt: null }, now).closesAt).toBeUndefined();
});
