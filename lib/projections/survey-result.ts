import { EmailSent } from '../../events/email.ts';
import { SurveyAnswered } from '../../events/survey.ts';
import { dayIn, defaultZone } from '../flows/zoned-time.ts';
import { surveyResultKey } from '../table/keys.ts';
import type { Projection } from './projection.ts';

/** The attribute that counts the answers of one score. */
export const scoreAttribute = (score: number) => `score${score}`;

/**
 * The counts of a survey, by the day in Japan of the first answer: how many answered, and how many gave each score. A changed answer
 * moves one from the old score to the new one, on the day of the first answer.
 */
export const surveyResult: Projection = ({ type, detail }) => {
  if (type !== SurveyAnswered.type) return [];
  const { surveyId, revision, answeredAt, score, previousScore } = SurveyAnswered.schema.parse(detail);
  const key = surveyResultKey(surveyId, dayIn(Date.parse(answeredAt), defaultZone));
  const moved =
    score === previousScore
      ? []
      : [
          ...(previousScore === undefined ? [] : [{ key, attribute: scoreAttribute(previousScore), by: -1 }]),
          ...(score === undefined ? [] : [{ key, attribute: scoreAttribute(score), by: 1 }]),
        ];
  return [...(revision === 1 ? [{ key, attribute: 'responses', by: 1 }] : []), ...moved];
};

/** How many people were invited to a survey, by the day in Japan on which SES took the mail. A reminder invites nobody else. */
export const surveyInvitation: Projection = ({ type, detail }) => {
  if (type !== EmailSent.type) return [];
  const { surveyId, occurredAt, reminds } = EmailSent.schema.parse(detail);
  if (surveyId === undefined || reminds) return [];
  const key = surveyResultKey(surveyId, dayIn(Date.parse(occurredAt), defaultZone));
  return [{ key, attribute: 'invited', by: 1 }];
};
