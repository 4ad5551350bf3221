import { renameLabel } from '../../lib/associations/label-store.ts';
import { typePair } from '../../lib/associations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { associations } from './operations.ts';

export const handler = handle(associations.updateLabel, async ({ path, body }, app) => {
  await renameLabel(app, await typePair(app, path), body);
  return undefined;
});
