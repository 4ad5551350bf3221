import type { App } from '../core/app.ts';
import { foldText } from '../text/fold.ts';
import { listAnswers, type StoredAnswer } from './answer-row.ts';
import { readResults } from './result-store.ts';
import { fewestAnonymous } from './results.ts';
import type { StoredSurvey, SurveyType } from './schema.ts';
import { type ResponseGroup, responseGroup } from './score.ts';
import { daysOf, type Span, timesOf } from './span.ts';

type Wanted = Span & {
  /** Scores, both included. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly group?: ResponseGroup | undefined;
  /** Text that an answer holds, in any width, letter case and kana. */
  readonly query?: string | undefined;
};

type Asked = Wanted & { readonly startAfter?: Record<string, unknown> | undefined; readonly limit: number };
type Found = { readonly answers: readonly StoredAnswer[]; readonly last?: StoredAnswer };

/** A request looks at so many answers, and answers a short page when few of them fit. */
const looksAt = 1000;
const perRead = 250;

/**
 * A page of the answers that fit, newest first; `last` is the one after which the next page begins. Of an anonymous survey nothing is
 * shown before five have answered. @throws CrmError 400 for a bound that is no day and no time
 */
export async function findAnswers(app: App, survey: StoredSurvey, asked: Asked): Promise<Found> {
  const { limit, startAfter: first, ...wanted } = asked;
  const times = timesOf(daysOf(asked));
  if (survey.anonymous && (await readResults(app, survey, { period: 'month' })).responses < fewestAnonymous)
    return { answers: [] };
  const fits = filterOf(survey.type, wanted);
  const found: StoredAnswer[] = [];
  let startAfter = first;
  for (let looked = 0; looked < looksAt; looked += perRead) {
    const page = await listAnswers(app, survey.id, { ...times, startAfter, limit: isAll(wanted) ? limit : perRead });
    for (const answer of page.items) {
      if (!fits(answer)) continue;
      found.push(answer);
      const isMore = page.lastKey !== undefined || answer !== page.items.at(-1);
      if (found.length === limit) return { answers: found, ...(isMore && { last: answer }) };
    }
    startAfter = page.lastKey;
    const last = page.items.at(-1);
    if (!startAfter || !last) return { answers: found };
    if (looked + perRead >= looksAt) return { answers: found, last };
  }
  return { answers: found };
}

const isAll = ({ min, max, group, query }: Wanted) => [min, max, group, query].every((each) => each === undefined);

function filterOf(type: SurveyType, { min, max, group, query }: Wanted): (answer: StoredAnswer) => boolean {
  const words = query === undefined ? '' : foldText(query);
  return ({ score, answers }) =>
    (min === undefined || (score !== undefined && score >= min)) &&
    (max === undefined || (score !== undefined && score <= max)) &&
    (group === undefined || (score !== undefined && responseGroup(type, score) === group)) &&
    (words === '' || answers.some(({ value }) => foldText(value).includes(words)));
}
