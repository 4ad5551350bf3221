import { pairOf, specNamed } from '../../lib/associations/public.ts';
import { dissociate } from '../../lib/associations/store.ts';
import { handle } from '../../lib/core/handle.ts';
import { associations } from './operations.ts';

export const handler = handle(associations.removeNamed, async ({ path }, app) => {
  const { from, to } = await pairOf(app, path);
  const type = await specNamed(
    app,
    { fromObjectType: from.objectType, toObjectType: to.objectType },
    path.associationType,
  );
  await dissociate(app, from, to, [type]);
  return undefined;
});
