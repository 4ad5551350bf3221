import { associationPage, noAssociations, typePair } from '../../lib/associations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { nextPage } from '../../lib/core/page.ts';
import { batchReply, toBatchError } from '../../lib/objects/batch-answer.ts';
import { inParallel } from '../../lib/table/in-parallel.ts';
import { associations } from './operations.ts';

const mostPerRecord = 500;
const readsAtOnce = 16;

export const handler = handle(associations.batchRead, async ({ path, body: { inputs }, request }, app) => {
  const startedAt = app.now();
  const types = await typePair(app, path);
  const found = await inParallel(inputs, readsAtOnce, async ({ id, after: start }) => {
    const from = { objectType: types.fromObjectType, id };
    const page = { limit: mostPerRecord, ...(start && { after: start }) };
    const { results, after } = await associationPage(app, from, types.toObjectType, page);
    const url = `/crm/v4/objects/${from.objectType}/${id}/associations/${types.toObjectType}`;
    return { from: { id }, to: results, ...nextPage(after, { origin: request.origin, url }) };
  });
  const empty = found.filter(({ to }) => to.length === 0);
  return batchReply(app, 200, {
    startedAt,
    results: found.filter(({ to }) => to.length > 0),
    errors: empty.map(({ from }) => toBatchError(noAssociations(types, from.id))),
  });
});
