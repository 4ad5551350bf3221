import { handle, Reply } from '../../lib/core/handle.ts';
import { loadObjectType } from '../../lib/objects/definition-store.ts';
import { etagOf } from '../../lib/objects/precondition.ts';
import { fullRecord } from '../../lib/objects/public-record.ts';
import { updateRecord } from '../../lib/objects/store.ts';
import { objects } from './operations.ts';

export const handler = handle(objects.update, async ({ path, query, body, request }, app) => {
  const { objectTypeId } = await loadObjectType(app, path.objectType);
  const ref = { id: path.objectId, ...(query.idProperty && { idProperty: query.idProperty }) };
  const ifMatch = request.headers['if-match'];
  const record = await updateRecord(app, objectTypeId, ref, body.properties, { input: 0, ifMatch, followMerged: true });
  return new Reply(200, fullRecord(record), { etag: etagOf(record) });
});
