import { handle } from '../../lib/core/handle.ts';
import { toPublicDashboard } from '../../lib/reports/dashboard.ts';
import { changeDashboard } from '../../lib/reports/dashboard-store.ts';
import { reports } from './operations.ts';

export const handler = handle(reports.updateDashboard, async ({ path, body }, app) =>
  toPublicDashboard(await changeDashboard(app, path.dashboardId, body)),
);
