import { addressee } from '../mail/addressee.ts';
import { type Html, html, lines } from '../pages/html.ts';
import type { Question, Survey, SurveyLanguage } from './schema.ts';
import { mailQuestionOf, scoresOf } from './score.ts';
import { type SurveyWords, surveyWords } from './words.ts';

export type SurveyMailTo = {
  readonly lastname?: string | undefined;
  readonly firstname?: string | undefined;
  /**
   * The person's own address of the survey's page, without a query. Absent in the reminder of an anonymous survey: only the first mail
   * has the link, so that one person gives one answer though nobody knows who has answered.
   */
  readonly surveyUrl?: string;
  readonly isReminder?: boolean;
  readonly unsubscribeUrl: string;
  readonly language: SurveyLanguage;
  readonly senderName: string;
};

/** `2026/12/01(火) 18:00` in the time of Japan, `1 December 2026, 18:00 (JST)` in English. */
function momentIn(language: SurveyLanguage, iso: string): string {
  const options = { timeZone: 'Asia/Tokyo', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  if (language === 'en')
    return `${new Intl.DateTimeFormat('en-GB', { ...options, day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(iso))} (JST)`;
  const parts = new Intl.DateTimeFormat('ja-JP', {
    ...options,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    weekday: 'short',
  }).formatToParts(new Date(iso));
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year')}/${part('month')}/${part('day')}(${part('weekday')}) ${part('hour')}:${part('minute')}`;
}

/** Styles stand in the elements: mail readers drop style sheets. */
const style = {
  body: 'margin:0;padding:16px 8px;background:#f3f5f8;color:#1f2933;font-family:sans-serif;font-size:16px;line-height:1.7',
  box: 'max-width:600px;margin:0 auto;background:#ffffff;padding:16px;border-radius:8px',
  question: 'font-weight:bold;margin:24px 0 8px',
  button:
    'display:block;padding:10px 0;border:1px solid #1f5fbf;border-radius:4px;color:#1f5fbf;background:#ffffff;font-weight:bold;text-align:center;text-decoration:none',
  wideButton:
    'display:inline-block;padding:12px 24px;border-radius:4px;background:#1f5fbf;color:#ffffff;font-weight:bold;text-decoration:none',
  soft: 'color:#5a6775;font-size:13px;margin:8px 0',
  foot: 'border-top:1px solid #c5ccd4;margin-top:24px;padding-top:12px;color:#5a6775;font-size:13px',
} as const;

const answerUrl = (surveyUrl: string, { type }: Question, value: string) =>
  `${surveyUrl}?${type === 'score' ? 'score' : 'answer'}=${encodeURIComponent(value)}`;
/** Six cells fit a telephone's width with room for a thumb. */
const cellsInRow = 6;

type Asking = { readonly question: Question; readonly surveyUrl: string; readonly words: SurveyWords };

function scoreButtons({ type }: Survey, { question, surveyUrl, words }: Asking): Html {
  const scores = scoresOf(type);
  // A scale of seven stays in one row.
  const inRow = scores.length <= cellsInRow + 1 ? scores.length : cellsInRow;
  const width = Math.floor(100 / inRow);
  const rows: Html[] = [];
  for (let start = 0; start < scores.length; start += inRow) {
    const cells = scores
      .slice(start, start + inRow)
      .map(
        (score) =>
          html`<td width="${width}%" style="padding:2px"><a href="${answerUrl(surveyUrl, question, String(score))}" style="${style.button}">${score}</a></td>`,
      );
    rows.push(html`<tr>${cells}</tr>`);
  }
  return html`<table role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%" style="max-width:480px;table-layout:fixed">${rows}</table><p style="${style.soft}">${scores[0] ?? ''}：${words.lowest[type]}　${scores.at(-1) ?? ''}：${words.highest[type]}</p><p style="${style.soft}">${words.chooseScore}</p>`;
}

/** The options below each other: their words need the width. */
function optionButtons({ question, surveyUrl, words }: Asking): Html {
  const rows = (question.options ?? []).map(
    (option) =>
      html`<tr><td style="padding:3px 0"><a href="${answerUrl(surveyUrl, question, option)}" style="${style.button}">${option}</a></td></tr>`,
  );
  return html`<table role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%" style="max-width:480px;table-layout:fixed">${rows}</table><p style="${style.soft}">${words.chooseOption}</p>`;
}

/**
 * The invitation to a survey, as HTML and as text. The buttons of the scores are links to the person's page, which shows the score and
 * waits for the person to send it: what opens every link of a mail answers nothing.
 */
export function surveyMail(survey: Survey, to: SurveyMailTo): { subject: string; html: string; text: string } {
  const words = surveyWords(to.language);
  const first = survey.subject ?? words.subject;
  const subject = to.isReminder ? words.reminderSubject(first) : first;
  const view = {
    greeting: words.greeting(addressee(to, to.language)),
    introduction: to.isReminder
      ? words.reminder(to.surveyUrl === undefined ? first : undefined)
      : (survey.introduction ?? words.introduction),
    anonymous: survey.anonymous && words.anonymous,
    question: mailQuestionOf(survey),
    until: survey.closesAt && words.until(momentIn(to.language, survey.closesAt)),
  };
  return { subject, html: htmlOf(survey, to, words, view), text: textOf(survey, to, words, view) };
}

type View = {
  readonly greeting: string;
  readonly introduction: string;
  readonly anonymous: string | false | undefined;
  readonly question: ReturnType<typeof mailQuestionOf>;
  readonly until: string | undefined;
};

function askHtml(survey: Survey, { surveyUrl }: SurveyMailTo, words: SurveyWords, { question }: View): Html | false {
  if (surveyUrl === undefined) return false;
  if (!question)
    return html`<p style="margin:24px 0"><a href="${surveyUrl}" style="${style.wideButton}">${words.answer}</a></p>`;
  const asking = { question, surveyUrl, words };
  const buttons = question.type === 'score' ? scoreButtons(survey, asking) : optionButtons(asking);
  return html`<p style="${style.question}">${lines(question.label)}</p>${buttons}`;
}

function htmlOf(survey: Survey, to: SurveyMailTo, words: SurveyWords, view: View): string {
  const { greeting, introduction, anonymous, until } = view;
  return html`<!doctype html>
<html lang="${to.language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${survey.subject ?? words.subject}</title></head>
<body style="${style.body}">
<div style="${style.box}">
<p style="margin:0 0 16px">${greeting}</p>
<p style="margin:0">${lines(introduction)}</p>
${askHtml(survey, to, words, view)}
${anonymous && html`<p style="margin:16px 0 0">${anonymous}</p>`}
${until && html`<p style="margin:16px 0 0">${until}</p>`}
<div style="${style.foot}"><p style="margin:0">${words.from}: ${to.senderName}</p><p style="margin:4px 0">${words.personal}</p><p style="margin:0"><a href="${to.unsubscribeUrl}" style="color:#1f5fbf">${words.unsubscribe}</a></p></div>
</div>
</body>
</html>
`.markup;
}

function askText({ type }: Survey, { surveyUrl }: SurveyMailTo, words: SurveyWords, { question }: View): string[] {
  if (surveyUrl === undefined) return [];
  if (!question) return [`${words.answer}: ${surveyUrl}`];
  const link = (label: string, value: string) => `${label}: ${answerUrl(surveyUrl, question, value)}`;
  if (question.type !== 'score')
    return [question.label, ...(question.options ?? []).map((option) => link(option, option)), words.chooseOption];
  const scores = scoresOf(type);
  const label = (score: number) => {
    if (score === scores[0]) return `${score} (${words.lowest[type]})`;
    return score === scores.at(-1) ? `${score} (${words.highest[type]})` : String(score);
  };
  return [question.label, ...scores.map((score) => link(label(score), String(score))), words.chooseScore];
}

function textOf(survey: Survey, to: SurveyMailTo, words: SurveyWords, view: View): string {
  const { greeting, introduction, anonymous, until } = view;
  const ask = askText(survey, to, words, view);
  const foot = [`${words.from}: ${to.senderName}`, words.personal, `${words.unsubscribe}: ${to.unsubscribeUrl}`];
  const parts = [[greeting], [introduction], ask, anonymous ? [anonymous] : [], until ? [until] : [], ['--', ...foot]];
  return parts
    .filter((paragraph) => paragraph.length > 0)
    .map((paragraph) => paragraph.join('\n'))
    .join('\n\n');
}
