import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { toPublicRun } from '../../lib/flows/run.ts';
import { listRuns } from '../../lib/flows/run-store.ts';
import { readFlow } from '../../lib/flows/store.ts';
import { flows } from './operations.ts';

export const handler = handle(flows.listRuns, async ({ path, query, request }, app) => {
  const [{ stamp }, { items, after }] = await Promise.all([
    readFlow(app, path.flowId),
    listRuns(app, path.flowId, query),
  ]);
  return pageOf(
    items.map((run) => toPublicRun(run, stamp)),
    after,
    request,
  );
});
