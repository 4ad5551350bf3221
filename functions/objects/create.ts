import { handle, Reply } from '../../lib/core/handle.ts';
import { loadObjectType } from '../../lib/objects/definition-store.ts';
import { etagOf } from '../../lib/objects/precondition.ts';
import { fullRecord } from '../../lib/objects/public-record.ts';
import { createRecord } from '../../lib/objects/store.ts';
import { objects } from './operations.ts';

export const handler = handle(objects.create, async ({ path, body, request }, app) => {
  const { objectTypeId } = await loadObjectType(app, path.objectType);
  const record = await createRecord(app, objectTypeId, body.properties, {
    associations: body.associations ?? [],
    input: 0,
  });
  const location = `${request.origin}/crm/v3/objects/${path.objectType}/${record.id}`;
  return new Reply(201, fullRecord(record), { location, etag: etagOf(record) });
});
