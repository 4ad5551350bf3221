import type { Key } from './keys.ts';

/** That an invitation to an anonymous survey was answered, under the hash of what its link carries. Nothing else is in the item. */
export const blindMarkKey = (surveyId: string, hash: string): Key => ({ pk: `blind#${surveyId}`, sk: hash });
/** An answer without a contact stands with its feedback submission. */
export const blindAnswerKey = (submissionId: string): Key => ({ pk: `0-19#${submissionId}`, sk: 'answer' });
