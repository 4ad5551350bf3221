import { handle } from '../../lib/core/handle.ts';
import { toPublicDashboard } from '../../lib/reports/dashboard.ts';
import { readDashboard } from '../../lib/reports/dashboard-store.ts';
import { reports } from './operations.ts';

export const handler = handle(reports.getDashboard, async ({ path }, app) =>
  toPublicDashboard(await readDashboard(app, path.dashboardId)),
);
