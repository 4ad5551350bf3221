import { handle } from '../../lib/core/handle.ts';
import { shareDashboard } from '../../lib/reports/dashboard-share.ts';
import { reports } from './operations.ts';

export const handler = handle(reports.shareDashboard, ({ path, body }, app) =>
  shareDashboard(app, path.dashboardId, body.expiresAt),
);
