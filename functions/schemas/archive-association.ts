import { handle } from '../../lib/core/handle.ts';
import { removeAssociation } from '../../lib/schemas/store.ts';
import { schemas } from './operations.ts';

export const handler = handle(schemas.archiveAssociation, async ({ path }, app) => {
  await removeAssociation(app, path.objectType, path.associationIdentifier);
  return undefined;
});
