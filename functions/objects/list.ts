import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { loadObjectType } from '../../lib/objects/definition-store.ts';
import { limitOf } from '../../lib/objects/page.ts';
import { showRecords } from '../../lib/objects/public-record.ts';
import { listRecords } from '../../lib/objects/read-store.ts';
import { objects } from './operations.ts';

export const handler = handle(objects.list, async ({ path, query, request }, app) => {
  const { objectTypeId } = await loadObjectType(app, path.objectType);
  const { records, more } = await listRecords(app, objectTypeId, {
    archived: query.archived ?? false,
    limit: limitOf(query),
    ...(query.after && { after: query.after }),
  });
  const results = await showRecords(app, objectTypeId, records, query, request.origin);
  return pageOf(results, more ? records.at(-1)?.id : undefined, request);
});
