import { handle } from '../../lib/core/handle.ts';
import { insertAssociation } from '../../lib/schemas/store.ts';
import { schemas } from './operations.ts';

export const handler = handle(schemas.createAssociation, ({ path, body }, app) =>
  insertAssociation(app, path.objectType, body),
);
