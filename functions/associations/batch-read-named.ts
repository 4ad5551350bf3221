import { noAssociations, typePair } from '../../lib/associations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { batchReply, toBatchError } from '../../lib/objects/batch-answer.ts';
import { associatedIds } from '../../lib/objects/public-record.ts';
import { inParallel } from '../../lib/table/in-parallel.ts';
import { associations } from './operations.ts';

const mostPerRecord = 500;
const readsAtOnce = 16;

export const handler = handle(
  associations.batchReadNamed,
  async ({ path, body: { inputs }, request: { origin } }, app) => {
    const startedAt = app.now();
    const types = await typePair(app, path);
    const found = await inParallel(inputs, readsAtOnce, async ({ id, after }) => {
      const from = { objectType: types.fromObjectType, id };
      const page = { limit: mostPerRecord, ...(after && { after }), origin };
      const { results, paging } = await associatedIds(app, from, types.toObjectType, page);
      return { from: { id }, to: results, ...(paging && { paging }) };
    });
    const empty = found.filter(({ to }) => to.length === 0);
    return batchReply(app, 200, {
      startedAt,
      results: found.filter(({ to }) => to.length > 0),
      errors: empty.map(({ from }) => toBatchError(noAssociations(types, from.id))),
    });
  },
);
