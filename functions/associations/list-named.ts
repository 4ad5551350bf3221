import { typePair } from '../../lib/associations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { requireRecord } from '../../lib/objects/not-found.ts';
import { associatedIds } from '../../lib/objects/public-record.ts';
import { readRecord } from '../../lib/objects/read-store.ts';
import { associations } from './operations.ts';

const mostPerPage = 500;

export const handler = handle(associations.listNamed, async ({ path, query, request }, app) => {
  const types = await typePair(app, { fromObjectType: path.objectType, toObjectType: path.toObjectType });
  const from = { objectType: types.fromObjectType, id: path.objectId };
  const page = {
    limit: query.limit ?? mostPerPage,
    ...(query.after && { after: query.after }),
    origin: request.origin,
    url: request.url,
  };
  const found = await associatedIds(app, from, types.toObjectType, page);
  if (found.results.length > 0) return found;
  const record = requireRecord(await readRecord(app, from.objectType, from, { followMerged: true }), from);
  return record.id === from.id ? found : associatedIds(app, record, types.toObjectType, page);
});
