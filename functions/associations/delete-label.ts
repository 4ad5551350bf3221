import { deleteLabel } from '../../lib/associations/label-store.ts';
import { typePair } from '../../lib/associations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { associations } from './operations.ts';

export const handler = handle(associations.deleteLabel, async ({ path }, app) => {
  await deleteLabel(app, await typePair(app, path), Number(path.associationTypeId));
  return undefined;
});
