import { expect, test } from 'vitest';
import { EmailSent } from '../../../events/email.ts';
import { SurveyAnswered } from '../../../events/survey.ts';
import { surveyInvitation, surveyResult } from '../../../lib/projections/survey-result.ts';
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

test('a mail that invites to a survey is counted, any other is not', () => {
  const sent = (more: { surveyId?: string }) =>
    EmailSent.of({ ...created('1').detail, occurredAt: '2026-11-30T15:30:00.000Z', messageKey: '5-1', ...more });
  expect(surveyInvitation(sent({ surveyId: '7' }))).toEqual([{ key, attribute: 'invited', by: 1 }]);
  expect(surveyInvitation(sent({}))).toEqual([]);
});
