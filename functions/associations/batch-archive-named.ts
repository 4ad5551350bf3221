import { removePairs } from '../../lib/associations/batch.ts';
import { namedPairs, typePair } from '../../lib/associations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { associations } from './operations.ts';

export const handler = handle(associations.batchArchiveNamed, async ({ path, body: { inputs } }, app) => {
  await removePairs(app, await namedPairs(app, await typePair(app, path), inputs, 'remove'));
  return undefined;
});
