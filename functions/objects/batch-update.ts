import { handle } from '../../lib/core/handle.ts';
import { changedReply, updateRecords } from '../../lib/objects/batch-change.ts';
import { loadObjectType } from '../../lib/objects/definition-store.ts';
import { objects } from './operations.ts';

export const handler = handle(objects.batchUpdate, async ({ path, body: { inputs } }, app) => {
  const startedAt = app.now();
  const { objectTypeId, singular } = await loadObjectType(app, path.objectType);
  const result = await updateRecords(app, objectTypeId, inputs);
  return changedReply(app, { startedAt, singular, inputs, showNew: false }, result);
});
