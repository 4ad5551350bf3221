import { handle } from '../../lib/core/handle.ts';
import { toPublicDashboard } from '../../lib/reports/dashboard.ts';
import { createDashboard } from '../../lib/reports/dashboard-store.ts';
import { reports } from './operations.ts';

export const handler = handle(reports.createDashboard, async ({ body }, app) =>
  toPublicDashboard(await createDashboard(app, body)),
);
