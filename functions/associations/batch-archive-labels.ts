import { removePairs } from '../../lib/associations/batch.ts';
import { typePair, wantedPair } from '../../lib/associations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { associations } from './operations.ts';

export const handler = handle(associations.batchArchiveLabels, async ({ path, body: { inputs } }, app) => {
  const types = await typePair(app, path);
  await removePairs(
    app,
    inputs.map((input) => ({ ...wantedPair(types, input), types: input.types, how: 'remove' })),
  );
  return undefined;
});
