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
  if (results.length > 0) return pageOf(results, after, request);
  const record = requireRecord(await readRecord(app, from.objectType, from, { followMerged: true }), from);
  if (record.id === from.id) return pageOf(results, after, request);
  const ofSurvivor = await associationPage(app, record, types.toObjectType, page);
  return pageOf(ofSurvivor.results, ofSurvivor.after, request);
});
