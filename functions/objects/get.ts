import { handle, Reply } from '../../lib/core/handle.ts';
import { loadObjectType } from '../../lib/objects/definition-store.ts';
import { requireRecord } from '../../lib/objects/not-found.ts';
import { etagOf } from '../../lib/objects/precondition.ts';
import { showRecord } from '../../lib/objects/public-record.ts';
import { readRecord } from '../../lib/objects/read-store.ts';
import { objects } from './operations.ts';

export const handler = handle(objects.get, async ({ path, query, request }, app) => {
  const { objectTypeId } = await loadObjectType(app, path.objectType);
  const ref = { id: path.objectId, ...(query.idProperty && { idProperty: query.idProperty }) };
  const record = await readRecord(app, objectTypeId, ref, { archived: query.archived ?? false, followMerged: true });
  const found = requireRecord(record, ref);
  return new Reply(200, await showRecord(app, found, query, request.origin), { etag: etagOf(found) });
});
