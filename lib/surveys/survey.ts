import { CrmError, type ErrorDetail } from '../core/errors.ts';
import { readDatetime } from '../objects/moment.ts';
import type { Question, StoredSurvey, SurveyInput, SurveyPatch } from './schema.ts';
import { scales } from './score.ts';
import { conditionProblems } from './show-if.ts';
import { surveyWords } from './words.ts';

/** The questions of a survey whose author named none: the score, and the reason for it. */
function usualQuestions({ type, language }: Pick<SurveyInput, 'type' | 'language'>): Question[] {
  const words = surveyWords(language);
  return [
    { id: 'score', type: 'score', label: words.scoreQuestion[type], required: true },
    { id: 'comment', type: 'text', label: words.comment },
  ];
}

const moment = (value: string | null | undefined) => (value ? readDatetime(value) : undefined);

/** A survey that did not exist before, as a draft. @throws CrmError 400 naming what does not fit together */
export function newSurvey(input: SurveyInput, at: { id: string; now: string }): StoredSurvey {
  return checked({
    ...input,
    questions: input.questions ?? usualQuestions(input),
    thanks: input.thanks ?? [{ text: surveyWords(input.language).thanks }],
    closesAt: moment(input.closesAt),
    id: at.id,
    status: 'DRAFT',
    createdAt: at.now,
    updatedAt: at.now,
    version: 1,
  });
}

/**
 * The survey with the parts that the patch names. Answers are counted by type and question, so a published survey keeps its type, the
 * kind of each question that it has, and whether it is anonymous. @throws CrmError 400
 */
export function patchedSurvey(survey: StoredSurvey, patch: SurveyPatch, now: string): StoredSurvey {
  if (survey.status === 'PUBLISHED') refuseOtherMeaning(survey, patch);
  const closesAt = patch.closesAt === undefined ? survey.closesAt : moment(patch.closesAt);
  return checked({ ...survey, ...patch, closesAt, updatedAt: now, version: survey.version + 1 });
}

/** The survey, sent and answered from now on. Publishing again changes nothing. */
export const publishedSurvey = (survey: StoredSurvey, now: string): StoredSurvey =>
  survey.status === 'PUBLISHED'
    ? survey
    : { ...survey, status: 'PUBLISHED', publishedAt: now, updatedAt: now, version: survey.version + 1 };

export const archivedSurvey = (survey: StoredSurvey, now: string): StoredSurvey => ({
  ...survey,
  archivedAt: now,
  updatedAt: now,
  version: survey.version + 1,
});

function refuseOtherMeaning(survey: StoredSurvey, patch: SurveyPatch): void {
  const problems: ErrorDetail[] = [];
  if (patch.type !== undefined && patch.type !== survey.type)
    problems.push(problem('type', 'cannot change after publishing: answers are counted by it'));
  if (patch.anonymous !== undefined && patch.anonymous !== (survey.anonymous ?? false))
    problems.push(problem('anonymous', 'cannot change after publishing: people were told so'));
  const kinds = new Map(survey.questions.map(({ id, type }) => [id, type]));
  for (const [position, { id, type }] of (patch.questions ?? []).entries()) {
    if (kinds.has(id) && kinds.get(id) !== type)
      problems.push(problem(`questions.${position}.type`, 'cannot change after publishing: take another id'));
  }
  if (problems.length > 0) throw invalid(problems);
}

function checked(survey: StoredSurvey): StoredSurvey {
  const conditions = conditionProblems(survey).map(({ at, message }) => problem(at, message));
  const problems = [...survey.questions.flatMap(questionProblems), ...conditions, ...wholeProblems(survey)];
  if (problems.length > 0) throw invalid(problems);
  return survey;
}

const problem = (at: string, message: string): ErrorDetail => ({
  message: `${at}: ${message}`,
  code: 'INVALID_VALUE',
  in: at,
});

const invalid = (errors: readonly ErrorDetail[]) =>
  new CrmError('VALIDATION_ERROR', `Invalid input: ${errors.map(({ message }) => message).join('; ')}`, {
    errors,
    context: { fields: errors.map((error) => error.in ?? '') },
  });

function questionProblems({ type, options }: Question, position: number): ErrorDetail[] {
  const at = `questions.${position}.options`;
  const isChoice = type === 'select' || type === 'multiselect';
  if (isChoice && !options) return [problem(at, 'is required for a question to choose from')];
  if (!isChoice && options) return [problem(at, `a question of type ${type} has none`)];
  return new Set(options).size === (options?.length ?? 0) ? [] : [problem(at, 'names an option twice')];
}

function wholeProblems({ type, questions, thanks }: StoredSurvey): ErrorDetail[] {
  const problems: ErrorDetail[] = [];
  const ids = questions.map(({ id }) => id);
  if (new Set(ids).size < ids.length) problems.push(problem('questions', 'two questions have the same id'));
  const scores = questions.filter((question) => question.type === 'score').length;
  if (type !== 'CUSTOM' && scores !== 1)
    problems.push(problem('questions', `a survey of type ${type} has exactly one question of type score`));
  const { min: least, max: most } = scales[type];
  for (const [position, { min = least, max = most }] of thanks.entries()) {
    if (min > max || min < least || max > most)
      problems.push(problem(`thanks.${position}`, `min and max must be in order and within ${least} to ${most}`));
  }
  return problems;
}

/** The thanks for this score: the first whose bounds hold it; without a score, the first without bounds. */
export function thanksFor({ thanks, language }: Pick<StoredSurvey, 'thanks' | 'language'>, score: number | undefined) {
  const fits = thanks.find(({ min, max }) =>
    score === undefined
      ? min === undefined && max === undefined
      : (min === undefined || score >= min) && (max === undefined || score <= max),
  );
  return fits?.text ?? surveyWords(language).thanks;
}
