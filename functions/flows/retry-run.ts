import { handle } from '../../lib/core/handle.ts';
import { retryRun } from '../../lib/flows/control.ts';
import { toPublicRun } from '../../lib/flows/run.ts';
import { flows } from './operations.ts';

export const handler = handle(flows.retryRun, async ({ path }, app) => {
  const run = await retryRun(app, path.flowId, path.runId);
  return toPublicRun(run, run.stamp);
});
