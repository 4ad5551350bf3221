import { handle } from '../../lib/core/handle.ts';
import { groupOf } from '../../lib/properties/group.ts';
import { readDefinitions } from '../../lib/properties/store.ts';
import { properties } from './operations.ts';

export const handler = handle(properties.getGroup, async ({ path }, app) =>
  groupOf(await readDefinitions(app, path.objectType), path.groupName),
);
