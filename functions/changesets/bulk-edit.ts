import { startBulkEdit } from '../../lib/changesets/bulk-edit.ts';
import { handle } from '../../lib/core/handle.ts';
import { changesets } from './operations.ts';

export const handler = handle(changesets.bulkEdit, async ({ body }, app) => {
  const { job, changeSetId } = await startBulkEdit(app, body);
  return { jobId: job.id, changeSetId };
});
