import { associationPage, typePair } from '../../lib/associations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { requireRecord } from '../../lib/objects/not-found.ts';
import { readRecord } from '../../lib/objects/read-store.ts';
import { associations } from './operations.ts';

const mostPerPage = 500;

export const handler = handle(associations.list, async ({ path, query, request }, app) => {
  const types = await typePair(app, { fromObjectType: path.objectType, toObjectType: path.toObjectType });
  const from = { objectType: types.fromObjectType, id: path.objectId };
  const page = { limit: query.limit ?? mostPerPage, ...(query.after && { after: query.after }) };
  const { results, after } = await associationPage(app, from, types.toObjectType, page);
  if (results.length === 0) requireRecord(await readRecord(app, from.objectType, from), from);
  return pageOf(results, after, request);
});
