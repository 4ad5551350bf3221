import { handle } from '../../lib/core/handle.ts';
import { removeGroup } from '../../lib/properties/store.ts';
import { properties } from './operations.ts';

export const handler = handle(properties.archiveGroup, async ({ path }, app) => {
  await removeGroup(app, path.objectType, path.groupName);
  return undefined;
});
