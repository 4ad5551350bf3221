import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { listReports } from '../../lib/reports/read-store.ts';
import { toPublicReport } from '../../lib/reports/schema.ts';
import { reports } from './operations.ts';

export const handler = handle(reports.list, async ({ query, request }, app) => {
  const { results, after } = await listReports(app, query);
  return pageOf(results.map(toPublicReport), after, request);
});
