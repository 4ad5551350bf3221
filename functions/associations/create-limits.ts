import { setLimits } from '../../lib/associations/limits.ts';
import { typePair } from '../../lib/associations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { toBatchErrors } from '../../lib/objects/batch.ts';
import { batchReply } from '../../lib/objects/batch-answer.ts';
import { associations } from './operations.ts';

export const handler = handle(associations.createLimits, async ({ path, body: { inputs } }, app) => {
  const startedAt = app.now();
  const { fromObjectType, toObjectType } = await typePair(app, path);
  const { results, errors } = await setLimits(app, { fromObjectType, toObjectType }, inputs, 'create');
  return batchReply(app, 201, { startedAt, results, errors: toBatchErrors([], errors) });
});
