import { handle } from '../../lib/core/handle.ts';
import { missingRecords, readReferenced } from '../../lib/objects/batch.ts';
import { batchReply } from '../../lib/objects/batch-answer.ts';
import { loadObjectType } from '../../lib/objects/definition-store.ts';
import { distinctRecords, showRecords } from '../../lib/objects/public-record.ts';
import { objects } from './operations.ts';

export const handler = handle(objects.batchRead, async ({ path, query, body, request }, app) => {
  const startedAt = app.now();
  const { objectTypeId, singular } = await loadObjectType(app, path.objectType);
  const { idProperty } = body;
  const references = body.inputs.map(({ id }) => ({ id, ...(idProperty && { idProperty }) }));
  const { records } = await readReferenced(app, objectTypeId, references, { archived: query.archived ?? false });
  const missing = references.filter((_, position) => !records[position]).map(({ id }) => id);
  const results = await showRecords(app, objectTypeId, distinctRecords(records), body, request.origin);
  const errors = missing.length > 0 ? [missingRecords(singular, missing)] : [];
  return batchReply(app, 200, { startedAt, results, errors });
});
