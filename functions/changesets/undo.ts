import { startUndo } from '../../lib/changesets/start-undo.ts';
import { handle } from '../../lib/core/handle.ts';
import { changesets } from './operations.ts';

export const handler = handle(changesets.undo, async ({ path }, app) => {
  const { job, changeSet } = await startUndo(app, path.changeSetId);
  return { jobId: job.id, changeSetId: changeSet.id };
});
