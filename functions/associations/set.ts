import { pairLabels, pairOf } from '../../lib/associations/public.ts';
import { associate } from '../../lib/associations/store.ts';
import { handle } from '../../lib/core/handle.ts';
import { associations } from './operations.ts';

export const handler = handle(associations.set, async ({ path, body }, app) => {
  const { from, to } = await pairOf(app, path);
  return pairLabels(await associate(app, from, to, body, { how: 'set' }));
});
