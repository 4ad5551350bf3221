import { handle } from '../../lib/core/handle.ts';
import { removeReport } from '../../lib/reports/store.ts';
import { reports } from './operations.ts';

export const handler = handle(reports.remove, async ({ path }, app) => {
  await removeReport(app, path.reportId);
  return undefined;
});
