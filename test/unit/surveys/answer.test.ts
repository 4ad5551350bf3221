import { expect, test } from 'vitest';
import { checkAnswers, givenTo, submissionProperties } from '../../../lib/surveys/answer.ts';
import { survey } from './given.ts';

const asked = survey({
  questions: [
    { id: 'rating', type: 'score', label: '評価' },
    { id: 'reason', type: 'text', label: '理由', required: true },
    { id: 'area', type: 'select', label: '対象', options: ['営業', 'サポート'] },
    { id: 'good', type: 'multiselect', label: '良い点', options: ['速い', '丁寧', '安い'] },
  ],
});
const answer = (sent: [string, string][]) => checkAnswers(asked, givenTo(asked, new URLSearchParams(sent)));

test('answers are taken in the order of the survey, choices in the order of their options', () => {
  expect(
    answer([
      ['good', '安い'],
      ['good', '速い'],
      ['reason', ' 一\r\n二\u0000 '],
      ['rating', '9'],
      ['unknown', 'x'],
    ]),
  ).toEqual({
    score: 9,
    answers: [
      { questionId: 'rating', label: '評価', value: '9' },
      { questionId: 'reason', label: '理由', value: '一\n二' },
      { questionId: 'good', label: '良い点', value: '速い;安い' },
    ],
  });
});

test('the score may come under the name that links use', () => {
  expect(
    answer([
      ['score', '3'],
      ['reason', 'x'],
    ]),
  ).toMatchObject({ score: 3 });
});

test('every problem is told at once, each with its question', () => {
  expect(
    answer([
      ['rating', '11'],
      ['reason', '  '],
      ['area', '経理'],
      ['good', '速い'],
      ['good', '高い'],
    ]),
  ).toEqual({
    problems: [
      { questionId: 'rating', problem: 'NOT_AN_OPTION' },
      { questionId: 'reason', problem: 'MISSING' },
      { questionId: 'area', problem: 'NOT_AN_OPTION' },
      { questionId: 'good', problem: 'NOT_AN_OPTION' },
    ],
  });
  expect(answer([])).toMatchObject({
    problems: [{ questionId: 'rating', problem: 'MISSING' }, { questionId: 'reason' }],
  });
  expect(
    answer([
      ['rating', '1'],
      ['reason', 'あ'.repeat(5001)],
    ]),
  ).toMatchObject({
    problems: [{ questionId: 'reason', problem: 'TOO_LONG' }],
  });
});

test('an answer without any word is none, also when no question is required', () => {
  const free = survey({ type: 'CUSTOM', questions: [{ id: 'voice', type: 'text', label: 'ご意見' }] });
  expect(checkAnswers(free, new Map())).toEqual({ problems: [{ questionId: 'voice', problem: 'MISSING' }] });
  expect(checkAnswers(free, new Map([['voice', ['良い']]]))).toMatchObject({ score: undefined });
});

test('the feedback submission has HubSpot’s properties, and every answer by its question', () => {
  const given = answer([
    ['rating', '6'],
    ['reason', '遅い'],
    ['area', '営業'],
  ]);
  if ('problems' in given) throw new Error('the answer is good');
  expect(submissionProperties(asked, given)).toEqual({
    answer_rating: '6',
    answer_reason: '遅い',
    answer_area: '営業',
    answer_good: '',
    hs_survey_id: asked.id,
    hs_survey_name: '満足度調査',
    hs_survey_type: 'NPS',
    hs_submission_name: '満足度調査',
    hs_value: '6',
    hs_response_group: 'DETRACTOR',
    hs_content: '遅い',
    survey_answers: '{"rating":"6","reason":"遅い","area":"営業"}',
    hs_industry_standard_question_type: 'NPS',
  });
});
