import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { toPublicDashboard } from '../../lib/reports/dashboard.ts';
import { listDashboards } from '../../lib/reports/dashboard-store.ts';
import { reports } from './operations.ts';

export const handler = handle(reports.listDashboards, async ({ query, request }, app) => {
  const { results, after } = await listDashboards(app, query);
  return pageOf(results.map(toPublicDashboard), after, request);
});
