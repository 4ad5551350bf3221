import { handle } from '../../lib/core/handle.ts';
import { removeDashboard } from '../../lib/reports/dashboard-store.ts';
import { reports } from './operations.ts';

export const handler = handle(reports.removeDashboard, async ({ path }, app) => {
  await removeDashboard(app, path.dashboardId);
  return undefined;
});
