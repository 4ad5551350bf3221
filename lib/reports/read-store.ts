import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { sliceOf } from '../core/page.ts';
import { reportKey, reportPartition } from '../table/keys.ts';
import { Report } from './schema.ts';

const notFound = (id: string) =>
  new CrmError('OBJECT_NOT_FOUND', `No report with ID ${id} exists`, { context: { reportId: [id] } });

export const findReport = (app: App, id: string): Promise<Report | undefined> => app.table.get(reportKey(id), Report);

/** @throws CrmError 404 */
export async function readReport(app: App, id: string): Promise<Report> {
  const report = await findReport(app, id);
  if (!report) throw notFound(id);
  return report;
}

/** The reports of these ids; ids without a report are left out. */
export async function readReports(app: App, ids: readonly string[]): Promise<ReadonlyMap<string, Report>> {
  const reports = await app.table.getMany(ids.map(reportKey), Report);
  return new Map(reports.map((report) => [report.id, report]));
}

export async function listReports(app: App, { after, limit }: { after?: string; limit: number }) {
  return sliceOf(await app.table.all({ pk: reportPartition, prefix: 'report#' }, Report), after, limit);
}
