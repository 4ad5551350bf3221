import { handle } from '../../lib/core/handle.ts';
import { announceJob } from '../../lib/jobs/store.ts';
import { eraseReferenced } from '../../lib/lifecycle/erase.ts';
import { loadObjectType } from '../../lib/objects/definition-store.ts';
import { objects } from './operations.ts';

export const handler = handle(objects.gdprDelete, async ({ path, body: { objectId, idProperty } }, app) => {
  const { objectTypeId } = await loadObjectType(app, path.objectType);
  const job = await eraseReferenced(app, objectTypeId, { id: objectId, ...(idProperty && { idProperty }) });
  if (job) await announceJob(job);
  return undefined;
});
