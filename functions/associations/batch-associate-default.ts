import { changePairs } from '../../lib/associations/batch.ts';
import { defaultAssociations, typePair, wantedPair } from '../../lib/associations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { toBatchErrors } from '../../lib/objects/batch.ts';
import { batchReply } from '../../lib/objects/batch-answer.ts';
import { associations } from './operations.ts';

export const handler = handle(associations.batchAssociateDefault, async ({ path, body: { inputs } }, app) => {
  const startedAt = app.now();
  const types = await typePair(app, path);
  const wanted = inputs.map((input) => ({
    ...wantedPair(types, input),
    types: 'default' as const,
    how: 'add' as const,
  }));
  const { pairs, errors } = await changePairs(app, wanted);
  const results = pairs.flatMap((pair) => (pair ? defaultAssociations(pair) : []));
  return batchReply(app, 200, { startedAt, results, errors: toBatchErrors([], errors) }, 200);
});
