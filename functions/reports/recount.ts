import { handle } from '../../lib/core/handle.ts';
import { recountReport } from '../../lib/reports/store.ts';
import { reports } from './operations.ts';

export const handler = handle(reports.recount, async ({ path }, app) => {
  const { jobId } = await recountReport(app, path.reportId);
  return { jobId };
});
