import { handle } from '../../lib/core/handle.ts';
import { readImport } from '../../lib/imports/store.ts';
import { cancelJob } from '../../lib/jobs/store.ts';
import { imports } from './operations.ts';

export const handler = handle(imports.cancel, async ({ path }, app) => {
  const { jobId, createdAt } = await readImport(app, path.importId);
  const { endedAt = app.now(), startedAt = createdAt } = await cancelJob(app, jobId);
  return { status: 'CANCELED' as const, startedAt, completedAt: endedAt, requestedAt: createdAt };
});
