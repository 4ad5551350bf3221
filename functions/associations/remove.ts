import { pairOf } from '../../lib/associations/public.ts';
import { dissociate } from '../../lib/associations/store.ts';
import { handle } from '../../lib/core/handle.ts';
import { associations } from './operations.ts';

export const handler = handle(associations.remove, async ({ path }, app) => {
  const { from, to } = await pairOf(app, path);
  await dissociate(app, from, to, 'all');
  return undefined;
});
