import { detachAssociations } from '../../lib/associations/detach.ts';
import { subscribe } from '../../lib/core/consume.ts';
import { associationsWorkers } from './operations.ts';

export const handler = subscribe(associationsWorkers.detach.id, async ({ detail }, app) => {
  await detachAssociations(app, { objectType: detail.objectType, id: detail.recordId });
});
