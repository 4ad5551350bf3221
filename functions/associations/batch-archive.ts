import { removePairs } from '../../lib/associations/batch.ts';
import { typePair, wantedPair } from '../../lib/associations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { associations } from './operations.ts';

export const handler = handle(associations.batchArchive, async ({ path, body: { inputs } }, app) => {
  const types = await typePair(app, path);
  const pairs = inputs.flatMap(({ from, to }) => to.map((each) => wantedPair(types, { from, to: each })));
  await removePairs(
    app,
    pairs.map((pair) => ({ ...pair, types: 'all', how: 'remove' })),
  );
  return undefined;
});
