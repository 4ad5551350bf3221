import { handle } from '../../lib/core/handle.ts';
import { updateGroup } from '../../lib/properties/store.ts';
import { properties } from './operations.ts';

export const handler = handle(properties.updateGroup, ({ path, body }, app) =>
  updateGroup(app, path.objectType, path.groupName, body),
);
