import { createLabel } from '../../lib/associations/label-store.ts';
import { specWithLabel, typePair } from '../../lib/associations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { associations } from './operations.ts';

export const handler = handle(associations.createLabel, async ({ path, body }, app) => {
  const types = await createLabel(app, await typePair(app, path), body);
  return { results: types.map(specWithLabel) };
});
