import { handle, Reply } from '../../lib/core/handle.ts';
import { verifyReport } from '../../lib/reports/verify-now.ts';
import { reports } from './operations.ts';

export const handler = handle(reports.verify, async ({ path }, app) => {
  const { jobId, verification } = await verifyReport(app, path.reportId);
  return verification ? { ...verification, jobId } : new Reply(202, { jobId });
});
