import type { Reply } from '../core/handle.ts';
import type { AnswerProblem } from '../surveys/answer.ts';
import type { Question, StoredSurvey } from '../surveys/schema.ts';
import { scoresOf } from '../surveys/score.ts';
import { thanksFor } from '../surveys/survey.ts';
import { type SurveyWords, surveyWords } from '../surveys/words.ts';
import { attributes, type Html, html, lines } from './html.ts';
import { pageReply } from './layout.ts';
import { choiceId, conditionalClass, conditionStyle, questionElementId } from './survey-conditions.ts';
import type { Language } from './words.ts';

export type SurveyPage = {
  readonly survey: StoredSurvey;
  readonly token: string;
  /** What was typed, chosen by the link, or answered before, by question id. */
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly problems?: readonly AnswerProblem[];
  readonly isAnswered?: boolean;
  /** Instead of problems: why nothing was taken at all. */
  readonly refusal?: { readonly status: number; readonly text: string };
};

/** Named so that no question has its name and no browser fills it in. What is in it was put there by a program. */
export const surveyTrap = '_leave_empty';

/**
 * The page of a survey for one person. It only shows: what a link of a mail says is chosen, and sent by the button. It needs no script: a
 * question that depends on an answer comes and goes by the style sheet, and browsers that do not understand that show it with a hint.
 */
export function surveyPage(page: SurveyPage): Reply {
  const { survey, token, problems = [], refusal, isAnswered } = page;
  const words = surveyWords(survey.language);
  return pageReply({
    title: survey.name,
    language: survey.language,
    status: refusal?.status ?? (problems.length > 0 ? 400 : 200),
    formAction: "'self'",
    style: conditionStyle(survey),
    body: html`<h1>${survey.name}</h1>${survey.introduction && html`<p>${lines(survey.introduction)}</p>`}${survey.anonymous && html`<p class="note">${words.anonymous}</p>`}${isAnswered && html`<p class="note">${words.answered}${words.changeable}</p>`}${alertHtml(page)}<form${attributes({ method: 'post', action: `/s/${token}`, 'accept-charset': 'utf-8', novalidate: true })}>${survey.questions.map((question) => askedHtml(page, question))}${trapHtml(words)}<button type="submit">${words.send}</button></form>`,
  });
}

const trapHtml = ({ leaveEmpty }: SurveyWords): Html =>
  html`<div class="trap" aria-hidden="true"><label for="${surveyTrap}">${leaveEmpty}</label><input type="text"${attributes({ id: surveyTrap, name: surveyTrap, tabindex: -1, autocomplete: 'off' })}></div>`;

const isRequired = ({ required, type }: Question) => required ?? type === 'score';

function alertHtml({ survey, problems = [], refusal }: SurveyPage): Html | false {
  const words = surveyWords(survey.language);
  if (refusal) return html`<div class="summary" role="alert" tabindex="-1" autofocus><h2>${refusal.text}</h2></div>`;
  if (problems.length === 0) return false;
  const items = problems.map(({ questionId, problem }) => {
    const question = survey.questions.find(({ id }) => id === questionId);
    return html`<li><a href="#q-${questionId}">${question?.label}</a>: ${words.errors[problem]}</li>`;
  });
  return html`<div class="summary" role="alert" tabindex="-1" autofocus><h2>${words.checkInput}</h2><ul>${items}</ul></div>`;
}

/** A question, in what hides it while the answer that it depends on is another one. */
function askedHtml(page: SurveyPage, question: Question): Html {
  const { showIf } = question;
  const asked = showIf && page.survey.questions.find(({ id }) => id === showIf.questionId);
  if (!asked) return questionHtml(page, question);
  const hint = surveyWords(page.survey.language).onlyIf(asked.label);
  return html`<div class="if ${conditionalClass(question)}"><p class="hint">${hint}</p>${questionHtml(page, question)}</div>`;
}

function questionHtml(page: SurveyPage, question: Question): Html {
  const { survey, given, problems = [] } = page;
  const words = surveyWords(survey.language);
  const values = given.get(question.id) ?? [];
  const problem = problems.find(({ questionId }) => questionId === question.id)?.problem;
  const id = questionElementId(question);
  const mark = isRequired(question) && html`<span class="mark">${words.required}</span>`;
  const error = problem && html`<p class="error" id="${id}-error">${words.errors[problem]}</p>`;
  const described = problem && `${id}-error`;
  const invalid = problem ? 'true' : undefined;
  if (question.type === 'text') {
    const box = { id, name: question.id, rows: 4, 'aria-invalid': invalid, 'aria-describedby': described };
    // The line break is the parser's: the first one after the tag is not part of the value.
    return html`<div class="field"><label for="${id}">${lines(question.label)}${mark}</label><textarea${attributes(box)}>${'\n'}${values[0] ?? ''}</textarea>${error}</div>`;
  }
  const choices =
    question.type === 'score'
      ? scaleHtml(survey, question, values, invalid)
      : (question.options ?? []).map((option, position) => choiceHtml(question, { option, position, values, invalid }));
  return html`<fieldset${attributes({ 'aria-describedby': described })}><legend>${lines(question.label)}${mark}</legend>${choices}${error}</fieldset>`;
}

/** The scores as radio buttons side by side: arrow keys move, and each is as large as a thumb. */
function scaleHtml(
  { type, language }: StoredSurvey,
  question: Question,
  values: readonly string[],
  invalid: string | undefined,
): Html {
  const words = surveyWords(language);
  const scores = scoresOf(type);
  const boxes = scores.map((score, position) => {
    const box = {
      type: 'radio',
      id: choiceId(question, position),
      name: question.id,
      value: score,
      checked: values[0] === String(score),
      'aria-invalid': invalid,
    };
    return html`<label><input${attributes(box)}><span>${score}</span></label>`;
  });
  return html`<p class="ends"><span>${scores[0]}: ${words.lowest[type]}</span><span>${scores.at(-1)}: ${words.highest[type]}</span></p><div class="scale">${boxes}</div>`;
}

type Choice = {
  readonly option: string;
  readonly position: number;
  readonly values: readonly string[];
  readonly invalid: string | undefined;
};

function choiceHtml(question: Question, { option, position, values, invalid }: Choice): Html {
  const box = {
    type: question.type === 'multiselect' ? 'checkbox' : 'radio',
    id: choiceId(question, position),
    name: question.id,
    value: option,
    checked: values.includes(option),
    'aria-invalid': invalid,
  };
  return html`<label class="choice"><input${attributes(box)}><span>${option}</span></label>`;
}

/** The thanks for the score that was given, and the way back to change it, where there is one. */
export function surveyThanksPage(
  survey: StoredSurvey,
  { token, score }: { readonly token?: string; readonly score: number | undefined },
): Reply {
  const words = surveyWords(survey.language);
  return pageReply({
    title: words.thanksTitle,
    language: survey.language,
    body: html`<h1>${words.thanksTitle}</h1><p role="status">${lines(thanksFor(survey, score))}</p>${token !== undefined && html`<p><a href="/s/${token}">${words.backToAnswer}</a></p>`}`,
  });
}

/** The page of an anonymous invitation that was answered. */
export function anonymousAnsweredPage({ language }: StoredSurvey): Reply {
  const words = surveyWords(language);
  const body = html`<h1>${words.answered}</h1><p>${words.answeredAnonymously}</p>`;
  return pageReply({ title: words.answered, language, body });
}

/** The page for a link that takes no answer. A forged or cut one is not found; one whose time is over is gone. */
export function noSurveyPage(why: 'INVALID' | 'EXPIRED' | 'CLOSED', language: Language): Reply {
  const words = surveyWords(language);
  const [title, hint, status] = {
    INVALID: [words.notFound, words.notFoundHint, 404] as const,
    EXPIRED: [words.expired, words.expiredHint, 410] as const,
    CLOSED: [words.closed, words.closedHint, 410] as const,
  }[why];
  return pageReply({ title, language, status, body: html`<h1>${title}</h1><p>${hint}</p>` });
}
