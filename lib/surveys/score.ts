import type { Survey, SurveyType } from './schema.ts';

/** The scale of a type of survey: both ends can be given. NPS and CES are the usual ones of the trade, CUSTOM is as CSAT. */
export const scales: Readonly<Record<SurveyType, { readonly min: number; readonly max: number }>> = {
  NPS: { min: 0, max: 10 },
  CES: { min: 1, max: 7 },
  CSAT: { min: 1, max: 5 },
  CUSTOM: { min: 1, max: 5 },
};

/** Every score of the scale, lowest first. */
export function scoresOf(type: SurveyType): number[] {
  const { min, max } = scales[type];
  return Array.from({ length: max - min + 1 }, (_, position) => min + position);
}

/** The score that a text names, or undefined when the scale has no such one. */
export function readScore(type: SurveyType, text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,2}$/.test(text)) return undefined;
  const { min, max } = scales[type];
  const score = Number(text);
  return score >= min && score <= max ? score : undefined;
}

/** The question whose score is the answer's: the mail has its buttons. A CUSTOM survey may have none. */
export const scoreQuestionOf = ({ questions }: Pick<Survey, 'questions'>) =>
  questions.find(({ type }) => type === 'score');

/** So many options have room as buttons of a mail. */
const mostButtons = 5;

/**
 * The question that the mail asks by buttons: of a CUSTOM survey the first one when it is a choice of up to five options; else the score.
 * None when there is neither.
 */
export function mailQuestionOf({ type, questions }: Pick<Survey, 'type' | 'questions'>) {
  const [first] = questions;
  const isChoice = first?.type === 'select' && (first.options?.length ?? 0) <= mostButtons;
  return type === 'CUSTOM' && isChoice ? first : scoreQuestionOf({ questions });
}

export const responseGroups = ['PROMOTER', 'PASSIVE', 'DETRACTOR', 'POSITIVE', 'NEUTRAL', 'NEGATIVE'] as const;
export type ResponseGroup = (typeof responseGroups)[number];

/**
 * Where a score stands. NPS: 9-10 promoters, 7-8 passives, 0-6 detractors. CES: 5-7 found it easy, 4 neither. CSAT and CUSTOM: 4-5 are
 * satisfied, 3 neither.
 */
export function responseGroup(type: SurveyType, score: number): ResponseGroup {
  switch (type) {
    case 'NPS':
      return score >= 9 ? 'PROMOTER' : score >= 7 ? 'PASSIVE' : 'DETRACTOR';
    case 'CES':
      return score >= 5 ? 'POSITIVE' : score === 4 ? 'NEUTRAL' : 'NEGATIVE';
    case 'CSAT':
    case 'CUSTOM':
      return score >= 4 ? 'POSITIVE' : score === 3 ? 'NEUTRAL' : 'NEGATIVE';
  }
}

/** What one score adds to the mean of its type: of NPS a hundred for a promoter and as much less for a detractor, else itself. */
export function worthOf(type: SurveyType, score: number): number {
  if (type !== 'NPS') return score;
  const group = responseGroup(type, score);
  return group === 'PROMOTER' ? 100 : group === 'DETRACTOR' ? -100 : 0;
}
