import { changePairs } from '../../lib/associations/batch.ts';
import { pairLabels, typePair, wantedPair } from '../../lib/associations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { toBatchErrors } from '../../lib/objects/batch.ts';
import { batchReply } from '../../lib/objects/batch-answer.ts';
import { associations } from './operations.ts';

export const handler = handle(associations.batchCreate, async ({ path, body: { inputs } }, app) => {
  const startedAt = app.now();
  const types = await typePair(app, path);
  const wanted = inputs.map((input) => ({ ...wantedPair(types, input), types: input.types, how: 'set' as const }));
  const { pairs, errors } = await changePairs(app, wanted);
  const results = pairs.flatMap((pair) => (pair ? [pairLabels(pair)] : []));
  return batchReply(app, 201, { startedAt, results, errors: toBatchErrors([], errors) });
});
