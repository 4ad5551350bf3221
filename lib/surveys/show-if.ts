import type { Question, ShowIf, StoredSurvey, SurveyType } from './schema.ts';
import { readScore, scales, scoresOf } from './score.ts';

type Given = ReadonlyMap<string, readonly string[]>;
type Asked = Pick<StoredSurvey, 'type' | 'questions'>;

/**
 * The questions that these answers bring up, in the survey's order: those without a condition, and those whose condition holds. What
 * depends on a question that is not asked is not asked either, whatever a browser sent for it.
 */
export function shownQuestions({ type, questions }: Asked, given: Given): Question[] {
  const shown = new Map<string, Question>();
  for (const question of questions) {
    const { showIf } = question;
    const asked = showIf && shown.get(showIf.questionId);
    if (!showIf || (asked && meets(type, showIf, asked, given.get(asked.id) ?? []))) shown.set(question.id, question);
  }
  return [...shown.values()];
}

const meets = (type: SurveyType, showIf: ShowIf, asked: Question, values: readonly string[]): boolean =>
  values.some((value) => bringsUp(type, showIf, asked, value));

function bringsUp(type: SurveyType, { min, max, in: among }: ShowIf, asked: Question, value: string): boolean {
  if (among && !among.includes(value)) return false;
  if (asked.type !== 'score') return among !== undefined;
  const score = readScore(type, value);
  return score !== undefined && (min === undefined || score >= min) && (max === undefined || score <= max);
}

/** The values that can be chosen for a question. */
export const choicesOf = (type: SurveyType, { type: kind, options = [] }: Question): string[] =>
  kind === 'score' ? scoresOf(type).map(String) : kind === 'text' ? [] : options;

/** The positions among its choices of those that bring up a question that depends on `asked`. */
export const positionsBringingUp = (type: SurveyType, showIf: ShowIf, asked: Question): number[] =>
  choicesOf(type, asked).flatMap((value, position) => (bringsUp(type, showIf, asked, value) ? [position] : []));

/** What is wrong with the conditions of a survey: each must name an earlier question to choose from, and be one that can hold. */
export function conditionProblems({ type, questions }: Asked): { readonly at: string; readonly message: string }[] {
  return questions.flatMap(({ showIf }, position) => {
    if (!showIf) return [];
    const at = `questions.${position}.showIf`;
    const asked = questions.slice(0, position).find(({ id }) => id === showIf.questionId);
    if (!asked) return [{ at: `${at}.questionId`, message: 'must be the id of an earlier question' }];
    if (asked.type === 'text') return [{ at: `${at}.questionId`, message: 'a text brings up no question' }];
    return [...boundProblems(type, showIf, asked, at), ...choiceProblems(type, showIf, asked, at)];
  });
}

function boundProblems(type: SurveyType, { min, max, in: among }: ShowIf, asked: Question, at: string) {
  const isBound = min !== undefined || max !== undefined;
  if (!isBound && !among) return [{ at, message: 'needs min, max or in' }];
  if (!isBound) return [];
  if (asked.type !== 'score') return [{ at, message: 'min and max are for a question of type score' }];
  const { min: least, max: most } = scales[type];
  const fits = (min ?? least) <= (max ?? most) && (min ?? least) >= least && (max ?? most) <= most;
  return fits ? [] : [{ at, message: `min and max must be in order and within ${least} to ${most}` }];
}

function choiceProblems(type: SurveyType, { in: among = [] }: ShowIf, asked: Question, at: string) {
  const unknown = among.filter((value) => !choicesOf(type, asked).includes(value));
  return unknown.length === 0 ? [] : [{ at: `${at}.in`, message: `no answer of ${asked.id} is ${unknown.join(', ')}` }];
}
