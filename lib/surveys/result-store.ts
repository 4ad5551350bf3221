import type { App } from '../core/app.ts';
import { surveyResultKey, surveyResultPartition } from '../table/keys.ts';
import { readGroups } from './groups.ts';
import { DayCounts, type Period, type Results, resultsOf } from './results.ts';
import type { StoredSurvey } from './schema.ts';
import { daysOf, type Span } from './span.ts';

type Asked = Span & { readonly period: Period; readonly groupBy?: string | undefined };

/**
 * The results of a survey between two days in Japan, both included, by one query: a row is a day, 200 bytes, so that a page of 1 MB holds
 * more than ten years. They are right within a second of an answer. Groups are reckoned from the answers themselves, at most 10,000 of
 * them. @throws CrmError 400 for a bound that is no day and no time, or a group that there is none of
 */
export async function readResults(
  app: App,
  survey: StoredSurvey,
  { period, groupBy, ...asked }: Asked,
): Promise<Results> {
  const days = daysOf(asked);
  const [{ items }, groups] = await Promise.all([
    app.table.query(
      {
        pk: surveyResultPartition(survey.id),
        from: surveyResultKey(survey.id, days.from ?? '0').sk,
        to: surveyResultKey(survey.id, days.to ?? '~').sk,
      },
      DayCounts,
    ),
    groupBy === undefined ? undefined : readGroups(app, survey, groupBy, days),
  ]);
  return { ...resultsOf(items, { ...survey, period }), ...groups };
}
