import { handle } from '../../lib/core/handle.ts';
import { changedReply, upsertRecords } from '../../lib/objects/batch-change.ts';
import { loadObjectType } from '../../lib/objects/definition-store.ts';
import { objects } from './operations.ts';

export const handler = handle(objects.batchUpsert, async ({ path, body: { inputs } }, app) => {
  const startedAt = app.now();
  const { objectTypeId, singular } = await loadObjectType(app, path.objectType);
  const result = await upsertRecords(app, objectTypeId, inputs);
  return changedReply(app, { startedAt, singular, inputs, showNew: true }, result);
});
