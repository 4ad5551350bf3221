import { handle } from '../../lib/core/handle.ts';
import { loadObjectType } from '../../lib/objects/definition-store.ts';
import { fullRecord } from '../../lib/objects/public-record.ts';
import { updateRecord } from '../../lib/objects/store.ts';
import { objects } from './operations.ts';

export const handler = handle(objects.update, async ({ path, query, body }, app) => {
  const { objectTypeId } = await loadObjectType(app, path.objectType);
  const ref = { id: path.objectId, ...(query.idProperty && { idProperty: query.idProperty }) };
  return fullRecord(await updateRecord(app, objectTypeId, ref, body.properties));
});
