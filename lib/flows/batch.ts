import type { App } from '../core/app.ts';
import { toPublicFlow } from './schema.ts';
import { readFlows } from './store.ts';

/** HubSpot's answer to a batch read: what was found, in the order asked for, and one error that names the rest. */
export async function readBatch(app: App, ids: readonly string[]) {
  const startedAt = app.now();
  const found = new Map((await readFlows(app, ids)).map((flow) => [flow.id, flow]));
  const missing = ids.filter((id) => !found.has(id));
  const results = [...new Set(ids)].flatMap((id) => found.get(id) ?? []).map(toPublicFlow);
  const answer = { status: 'COMPLETE' as const, results, startedAt, completedAt: app.now() };
  if (missing.length === 0) return { ...answer, errors: undefined };
  const error = {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    message: 'Could not get some FLOW objects, they may be deleted or not exist. Check that ids are valid.',
    context: { ids: missing },
  };
  return { ...answer, numErrors: 1, errors: [error] };
}
