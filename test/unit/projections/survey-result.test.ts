import { expect, test } from 'vitest';
import { SurveyAnswered } from '../../../events/survey.ts';
import { surveyResult } from '../../../lib/projections/survey-result.ts';
import { created } from '../../support/given.ts';

const answered = (more: { revision?: number; score?: number; previousScore?: number }) =>
  SurveyAnswered.of({
    ...created('1').detail,
    surveyId: '7',
    surveyType: 'NPS',
    submissionId: '8',
    revision: 1,
    answeredAt: '2026-11-30T15:30:00.000Z',
    answers: [],
    ...more,
  });
const key = { pk: 'survey#7', sk: 'result#2026-12-01' };

test('a first answer counts on its day in Japan', () => {
  expect(surveyResult(answered({ score: 9 }))).toEqual([
    { key, attribute: 'responses', by: 1 },
    { key, attribute: 'score9', by: 1 },
  ]);
});

test('a changed answer moves from one score to the other, on the day of the first', () => {
  expect(surveyResult(answered({ revision: 2, score: 3, previousScore: 9 }))).toEqual([
    { key, attribute: 'score9', by: -1 },
    { key, attribute: 'score3', by: 1 },
  ]);
  expect(surveyResult(answered({ revision: 3, score: 3, previousScore: 3 }))).toEqual([]);
});

test('an answer without a score is an answer, and other events are none', () => {
  expect(surveyResult(answered({}))).toEqual([{ key, attribute: 'responses', by: 1 }]);
  expect(surveyResult(created('1'))).toEqual([]);
});
