import type { Question, StoredSurvey, SurveyType } from './schema.ts';
import { readScore, responseGroup, scoreQuestionOf } from './score.ts';
import { shownQuestions } from './show-if.ts';

/** What was answered to one question; several chosen options have `;` between them. */
type Answer = { readonly questionId: string; readonly label: string; readonly value: string };
export type AnswerProblem = {
  readonly questionId: string;
  readonly problem: 'MISSING' | 'NOT_AN_OPTION' | 'TOO_LONG';
};
export type Answers = { readonly answers: readonly Answer[]; readonly score: number | undefined };

/** Characters of one text, and of all values together: a property holds 65,536 with everything escaped. */
const longestText = 5000;
const longestAnswers = 20_000;

/** What a browser sent for each question. The score may come as `score`, too, whatever the question's id: mails and scripts say it so. */
export function givenTo(survey: StoredSurvey, sent: URLSearchParams): Map<string, string[]> {
  const scored = scoreQuestionOf(survey);
  return new Map(
    survey.questions.map((question) => {
      const own = sent.getAll(question.id);
      const alias = question === scored && own.length === 0 ? sent.getAll('score') : [];
      return [question.id, [...own, ...alias].map(cleaned)];
    }),
  );
}

/** Browsers send line breaks as CR LF; no other control character belongs into an answer. */
const cleaned = (value: string) =>
  value
    .replaceAll('\r\n', '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .trim();

const isRequired = ({ required, type }: Question) => required ?? type === 'score';

/** The answers in the survey's order, or everything that is wrong with them. What was sent for questions that are not asked is dropped. */
export function checkAnswers(
  survey: StoredSurvey,
  given: ReadonlyMap<string, readonly string[]>,
): Answers | { readonly problems: readonly AnswerProblem[] } {
  const problems: AnswerProblem[] = [];
  const answers: Answer[] = [];
  let length = 0;
  for (const question of shownQuestions(survey, given)) {
    const values = (given.get(question.id) ?? []).filter((value) => value !== '');
    length += values.join(';').length;
    const problem = length > longestAnswers ? 'TOO_LONG' : problemOf(survey.type, question, values);
    if (problem) problems.push({ questionId: question.id, problem });
    else if (values.length > 0)
      answers.push({ questionId: question.id, label: question.label, value: storedValue(question, values) });
  }
  const [first] = survey.questions;
  if (first && answers.length + problems.length === 0) problems.push({ questionId: first.id, problem: 'MISSING' });
  return problems.length > 0 ? { problems } : { answers, score: scoreIn(survey, answers) };
}

function problemOf(type: SurveyType, question: Question, values: readonly string[]): AnswerProblem['problem'] | false {
  const [value = ''] = values;
  if (values.length === 0) return isRequired(question) && 'MISSING';
  switch (question.type) {
    case 'score':
      return readScore(type, value) === undefined && 'NOT_AN_OPTION';
    case 'text':
      return value.length > longestText && 'TOO_LONG';
    case 'select':
      return !question.options?.includes(value) && 'NOT_AN_OPTION';
    case 'multiselect':
      return values.some((each) => !question.options?.includes(each)) && 'NOT_AN_OPTION';
  }
}

/** Options in the order of the question, so that the same choice is the same answer. */
const storedValue = ({ type, options = [] }: Question, values: readonly string[]): string =>
  type === 'multiselect' ? options.filter((option) => values.includes(option)).join(';') : (values[0] ?? '');

function scoreIn(survey: StoredSurvey, answers: readonly Answer[]): number | undefined {
  const id = scoreQuestionOf(survey)?.id;
  return readScore(survey.type, answers.find(({ questionId }) => questionId === id)?.value);
}

/** The property of a feedback submission that holds the answer to one question: surveys share it by the question's id. */
export const answerProperty = (questionId: string) => `answer_${questionId}`;

/** The properties of the feedback submission (0-19) that holds an answer; what is not answered any more is cleared. */
export function submissionProperties(survey: StoredSurvey, { answers, score }: Answers): Record<string, string> {
  const texts = new Set(survey.questions.filter(({ type }) => type === 'text').map(({ id }) => id));
  const byQuestion = new Map(answers.map(({ questionId, value }) => [questionId, value]));
  return {
    ...Object.fromEntries(survey.questions.map(({ id }) => [answerProperty(id), byQuestion.get(id) ?? ''])),
    hs_survey_id: survey.id,
    hs_survey_name: survey.name,
    hs_survey_type: survey.type,
    hs_submission_name: survey.name,
    hs_value: score === undefined ? '' : String(score),
    hs_response_group: score === undefined ? '' : responseGroup(survey.type, score),
    hs_content: answers
      .filter(({ questionId }) => texts.has(questionId))
      .map(({ value }) => value)
      .join('\n'),
    survey_answers: JSON.stringify(Object.fromEntries(byQuestion)),
    ...(survey.type !== 'CUSTOM' && { hs_industry_standard_question_type: survey.type }),
  };
}
