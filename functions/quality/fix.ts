import { handle } from '../../lib/core/handle.ts';
import { requireAccess } from '../../lib/core/scopes.ts';
import { startFixes } from '../../lib/quality/fix.ts';
import { quality } from './operations.ts';

const contacts = '0-1';

export const handler = handle(quality.fix, async ({ body }, app) => {
  requireAccess(app, [contacts], 'write');
  const { job, changeSetId } = await startFixes(app, body);
  return { jobId: job.id, changeSetId };
});
