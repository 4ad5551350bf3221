import { type Key, surveyResultPartition } from './keys.ts';

/** That an invitation to an anonymous survey was answered, under the hash of what its link carries. Nothing else is in the item. */
export const blindMarkKey = (surveyId: string, hash: string): Key => ({ pk: `blind#${surveyId}`, sk: hash });
/** An answer without a contact stands with its feedback submission. */
export const blindAnswerKey = (submissionId: string): Key => ({ pk: `0-19#${submissionId}`, sk: 'answer' });
/** How many of a day's answers were erased, and their scores: with the results, which still count them. */
export const erasedAnswersKey = (surveyId: string, day: string): Key => ({
  pk: surveyResultPartition(surveyId),
  sk: `erased#${day}`,
});
