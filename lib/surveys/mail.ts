import { addressee } from '../mail/addressee.ts';
import { type Html, html, lines } from '../pages/html.ts';
import type { Survey, SurveyLanguage } from './schema.ts';
import { scoreQuestionOf, scoresOf } from './score.ts';
import { type SurveyWords, surveyWords } from './words.ts';

export type SurveyMailTo = {
  readonly lastname?: string | undefined;
  readonly firstname?: string | undefined;
  /** The person's own address of the survey's page, without a query. */
  readonly surveyUrl: string;
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

const scoreUrl = (surveyUrl: string, score: number) => `${surveyUrl}?score=${score}`;
/** Six cells fit a telephone's width with room for a thumb. */
const cellsInRow = 6;

function buttons(survey: Survey, to: SurveyMailTo, words: SurveyWords): Html {
  const scores = scoresOf(survey.type);
  // A scale of seven stays in one row.
  const inRow = scores.length <= cellsInRow + 1 ? scores.length : cellsInRow;
  const width = Math.floor(100 / inRow);
  const rows: Html[] = [];
  for (let start = 0; start < scores.length; start += inRow) {
    const cells = scores
      .slice(start, start + inRow)
      .map(
        (score) =>
          html`<td width="${width}%" style="padding:2px"><a href="${scoreUrl(to.surveyUrl, score)}" style="${style.button}">${score}</a></td>`,
      );
    rows.push(html`<tr>${cells}</tr>`);
  }
  return html`<table role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%" style="max-width:480px;table-layout:fixed">${rows}</table><p style="${style.soft}">${scores[0] ?? ''}：${words.lowest[survey.type]}　${scores.at(-1) ?? ''}：${words.highest[survey.type]}</p><p style="${style.soft}">${words.chooseScore}</p>`;
}

/**
 * The invitation to a survey, as HTML and as text. The buttons of the scores are links to the person's page, which shows the score and
 * waits for the person to send it: what opens every link of a mail answers nothing.
 */
export function surveyMail(survey: Survey, to: SurveyMailTo): { subject: string; html: string; text: string } {
  const words = surveyWords(to.language);
  const subject = survey.subject ?? words.subject;
  const view = {
    greeting: words.greeting(addressee(to, to.language)),
    introduction: survey.introduction ?? words.introduction,
    question: scoreQuestionOf(survey),
    until: survey.closesAt && words.until(momentIn(to.language, survey.closesAt)),
  };
  return { subject, html: htmlOf(survey, to, words, view), text: textOf(survey, to, words, view) };
}

type View = {
  readonly greeting: string;
  readonly introduction: string;
  readonly question: ReturnType<typeof scoreQuestionOf>;
  readonly until: string | undefined;
};

function htmlOf(survey: Survey, to: SurveyMailTo, words: SurveyWords, view: View): string {
  const { greeting, introduction, question, until } = view;
  const ask = question
    ? html`<p style="${style.question}">${lines(question.label)}</p>${buttons(survey, to, words)}`
    : html`<p style="margin:24px 0"><a href="${to.surveyUrl}" style="${style.wideButton}">${words.answer}</a></p>`;
  return html`<!doctype html>
<html lang="${to.language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${survey.subject ?? words.subject}</title></head>
<body style="${style.body}">
<div style="${style.box}">
<p style="margin:0 0 16px">${greeting}</p>
<p style="margin:0">${lines(introduction)}</p>
${ask}
${until && html`<p style="margin:16px 0 0">${until}</p>`}
<div style="${style.foot}"><p style="margin:0">${words.from}: ${to.senderName}</p><p style="margin:4px 0">${words.personal}</p><p style="margin:0"><a href="${to.unsubscribeUrl}" style="color:#1f5fbf">${words.unsubscribe}</a></p></div>
</div>
</body>
</html>
`.markup;
}

function textOf(survey: Survey, to: SurveyMailTo, words: SurveyWords, view: View): string {
  const { greeting, introduction, question, until } = view;
  const scores = scoresOf(survey.type);
  const label = (score: number) => {
    if (score === scores[0]) return `${score} (${words.lowest[survey.type]})`;
    return score === scores.at(-1) ? `${score} (${words.highest[survey.type]})` : String(score);
  };
  const ask = question
    ? [question.label, ...scores.map((score) => `${label(score)}: ${scoreUrl(to.surveyUrl, score)}`), words.chooseScore]
    : [`${words.answer}: ${to.surveyUrl}`];
  const foot = [`${words.from}: ${to.senderName}`, words.personal, `${words.unsubscribe}: ${to.unsubscribeUrl}`];
  return [[greeting], [introduction], ask, ...(until ? [[until]] : []), ['--', ...foot]]
    .map((paragraph) => paragraph.join('\n'))
    .join('\n\n');
}
