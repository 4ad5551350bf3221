import { handle } from '../../lib/core/handle.ts';
import { publicDefinition } from '../../lib/schemas/public.ts';
import { updateSchema } from '../../lib/schemas/store.ts';
import { schemas } from './operations.ts';

export const handler = handle(schemas.update, async ({ path, body }, app) =>
  publicDefinition(await updateSchema(app, path.objectType, body), app.portalId),
);
