import { purgeLimits } from '../../lib/associations/limits.ts';
import { typePair } from '../../lib/associations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { associations } from './operations.ts';

export const handler = handle(associations.purgeLimits, async ({ path, body: { inputs } }, app) => {
  await purgeLimits(
    app,
    await typePair(app, path),
    inputs.map(({ typeId }) => typeId),
  );
  return undefined;
});
