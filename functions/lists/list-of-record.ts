import { handle } from '../../lib/core/handle.ts';
import { listsOfRecord } from '../../lib/lists/members.ts';
import { loadObjectType } from '../../lib/objects/definition-store.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.listOfRecord, async ({ path }, app) => {
  const { objectTypeId } = await loadObjectType(app, path.objectTypeId);
  return { results: await listsOfRecord(app, objectTypeId, path.recordId) };
});
