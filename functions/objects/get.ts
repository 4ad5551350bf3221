import { handle } from '../../lib/core/handle.ts';
import { loadObjectType } from '../../lib/objects/definition-store.ts';
import { recordNotFound } from '../../lib/objects/not-found.ts';
import { showRecords } from '../../lib/objects/public-record.ts';
import { readRecord } from '../../lib/objects/store.ts';
import { objects } from './operations.ts';

export const handler = handle(objects.get, async ({ path, query, request }, app) => {
  const { objectTypeId } = await loadObjectType(app, path.objectType);
  const ref = { id: path.objectId, ...(query.idProperty && { idProperty: query.idProperty }) };
  const record = await readRecord(app, objectTypeId, ref, { archived: query.archived ?? false });
  if (!record) throw recordNotFound(ref);
  const [shown] = await showRecords(app, objectTypeId, [record], query, request.origin);
  if (!shown) throw recordNotFound(ref);
  return shown;
});
