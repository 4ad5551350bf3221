import { changePairs } from '../../lib/associations/batch.ts';
import { namedPairs, typePair } from '../../lib/associations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { toBatchErrors } from '../../lib/objects/batch.ts';
import { batchReply } from '../../lib/objects/batch-answer.ts';
import { associations } from './operations.ts';

export const handler = handle(associations.batchCreateNamed, async ({ path, body: { inputs } }, app) => {
  const startedAt = app.now();
  const wanted = await namedPairs(app, await typePair(app, path), inputs, 'add');
  const { pairs, errors } = await changePairs(app, wanted);
  const results = inputs.flatMap(({ from, to, type }, position) =>
    pairs[position] ? [{ from, to, type: String(type) }] : [],
  );
  return batchReply(app, 201, { startedAt, results, errors: toBatchErrors([], errors) });
});
