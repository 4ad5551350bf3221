import { handle } from '../../lib/core/handle.ts';
import { startFixes } from '../../lib/quality/fix.ts';
import { quality } from './operations.ts';

export const handler = handle(quality.fix, async ({ body }, app) => {
  const { job, changeSetId } = await startFixes(app, body);
  return { jobId: job.id, changeSetId };
});
