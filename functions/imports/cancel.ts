import { handle } from '../../lib/core/handle.ts';
import { requireAccess } from '../../lib/core/scopes.ts';
import { readImport } from '../../lib/imports/store.ts';
import { cancelJob } from '../../lib/jobs/store.ts';
import { imports } from './operations.ts';

export const handler = handle(imports.cancel, async ({ path }, app) => {
  const { jobId, createdAt, mappedObjectTypeIds } = await readImport(app, path.importId);
  requireAccess(app, mappedObjectTypeIds, 'write');
  const { endedAt = app.now(), startedAt = createdAt } = await cancelJob(app, jobId);
  return { status: 'CANCELED' as const, startedAt, completedAt: endedAt, requestedAt: createdAt };
});
