import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { listAnswers, type StoredAnswer } from './answer-row.ts';
import { groupingOf } from './grouping.ts';
import { fewestAnonymous, type Group, measure } from './results.ts';
import type { StoredSurvey, SurveyType } from './schema.ts';
import { scoresOf } from './score.ts';
import { type Span, timesOf } from './span.ts';

/** So many answers are put into groups by one request: about 5 MB of rows, and as many related records. */
const mostGrouped = 10_000;
const perPage = 2000;

/**
 * The answers of these days in groups by a value of whom or what they are about (see `groupingOf`), as that value is now. Reads the newest
 * 10,000 answers at most. @throws CrmError 400 for a group that there is none of, 403 when the token may not read such records
 */
export async function readGroups(
  app: App,
  survey: StoredSurvey,
  groupBy: string,
  days: Span,
): Promise<{ readonly groups: Group[]; readonly truncated: boolean }> {
  if (survey.anonymous && !groupBy.startsWith('answer.'))
    throw new CrmError('VALIDATION_ERROR', 'groupBy: nobody knows whose answers these are: only answer.{questionId}', {
      context: { fields: ['groupBy'] },
    });
  const { answers, truncated } = await newestAnswers(app, survey.id, days);
  const { valuesOf, labelOf } = await groupingOf(app, survey, groupBy, answers);
  const groups = new Map<string, StoredAnswer[]>();
  for (const answer of answers)
    for (const value of valuesOf(answer)) {
      const those = groups.get(value);
      if (those) those.push(answer);
      else groups.set(value, [answer]);
    }
  const all = [...groups]
    .map(([value, those]): Group => ({ value, label: labelOf(value), ...measured(survey.type, those) }))
    .toSorted((one, other) => other.responses - one.responses || (one.label < other.label ? -1 : 1));
  return { groups: survey.anonymous ? withoutTelling(all) : all, truncated };
}

async function newestAnswers(app: App, surveyId: string, days: Span) {
  const answers: StoredAnswer[] = [];
  let startAfter: Record<string, unknown> | undefined;
  do {
    const page = await listAnswers(app, surveyId, { ...timesOf(days), startAfter, limit: perPage });
    answers.push(...page.items);
    startAfter = page.lastKey;
  } while (startAfter && answers.length < mostGrouped);
  return {
    answers: answers.slice(0, mostGrouped),
    truncated: answers.length > mostGrouped || startAfter !== undefined,
  };
}

function measured(type: SurveyType, answers: readonly StoredAnswer[]) {
  const counts = Map.groupBy(answers, ({ score }) => score);
  const distribution = scoresOf(type).map((score) => ({ score, count: counts.get(score)?.length ?? 0 }));
  return { responses: answers.length, ...measure(type, distribution) };
}

/**
 * Groups of at least five. When those that are left out have fewer than five answers together, the smallest that is shown goes, too:
 * otherwise the total less the groups would tell theirs.
 */
export function withoutTelling(groups: readonly Group[]): Group[] {
  const shown = groups.filter(({ responses }) => responses >= fewestAnonymous);
  const left = groups.slice(shown.length).reduce((sum, { responses }) => sum + responses, 0);
  return left > 0 && left < fewestAnonymous ? shown.slice(0, -1) : shown;
}
