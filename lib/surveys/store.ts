import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { absent, versionIs } from '../table/conditions.ts';
import { contend, StaleRead } from '../table/contention.ts';
import { surveyKey, surveyPartition, surveyPrefix } from '../table/keys.ts';
import { ConditionFailed } from '../table/table.ts';
import { StoredSurvey } from './schema.ts';

const notFound = (id: string) => new CrmError('OBJECT_NOT_FOUND', `No survey has the id ${id}`);

/** The survey, archived or not. 1 read. */
export const findSurvey = ({ table }: App, id: string): Promise<StoredSurvey | undefined> =>
  table.get(surveyKey(id), StoredSurvey);

/** The survey as it is now. @throws CrmError 404 also for an archived one */
export async function readSurvey(app: App, id: string): Promise<StoredSurvey> {
  const survey = await findSurvey(app, id);
  if (!survey || survey.archivedAt) throw notFound(id);
  return survey;
}

/** A page of surveys by id; the archived ones are skipped without a gap in the page. */
export async function listSurveys(
  { table }: App,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<{ surveys: StoredSurvey[]; after?: string }> {
  const found: StoredSurvey[] = [];
  let startAfter: Record<string, unknown> | undefined = after === undefined ? undefined : surveyKey(after);
  do {
    const query = { pk: surveyPartition, prefix: surveyPrefix, limit: limit + 1, ...(startAfter && { startAfter }) };
    const page = await table.query(query, StoredSurvey);
    found.push(...page.items.filter(({ archivedAt }) => !archivedAt));
    startAfter = page.lastKey;
  } while (startAfter && found.length <= limit);
  const surveys = found.slice(0, limit);
  const last = surveys.at(-1);
  return found.length > limit && last ? { surveys, after: last.id } : { surveys };
}

const itemOf = (survey: StoredSurvey) => ({ ...surveyKey(survey.id), entity: 'survey', ...survey });

export async function createSurvey({ table }: App, survey: StoredSurvey): Promise<StoredSurvey> {
  await table.commit([{ put: itemOf(survey), when: absent }]);
  return survey;
}

/** Reads, changes and stores a survey; when somebody else wrote in between, `change` runs again on what they wrote. @throws CrmError 404 */
export const changeSurvey = (
  app: App,
  id: string,
  change: (survey: StoredSurvey) => StoredSurvey,
): Promise<StoredSurvey> =>
  contend(async () => {
    const survey = await readSurvey(app, id);
    const changed = change(survey);
    if (changed === survey) return survey;
    try {
      await app.table.commit([{ put: itemOf(changed), when: versionIs(survey.version) }]);
    } catch (error) {
      throw error instanceof ConditionFailed ? new StaleRead('The survey was changed meanwhile') : error;
    }
    return changed;
  });
