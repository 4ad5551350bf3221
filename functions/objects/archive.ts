import { handle } from '../../lib/core/handle.ts';
import { loadObjectType } from '../../lib/objects/definition-store.ts';
import { archiveRecord } from '../../lib/objects/store.ts';
import { objects } from './operations.ts';

export const handler = handle(objects.archive, async ({ path, request }, app) => {
  const { objectTypeId } = await loadObjectType(app, path.objectType);
  await archiveRecord(app, objectTypeId, path.objectId, { ifMatch: request.headers['if-match'] });
  return undefined;
});
