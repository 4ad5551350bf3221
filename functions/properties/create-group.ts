import { handle } from '../../lib/core/handle.ts';
import { insertGroup } from '../../lib/properties/store.ts';
import { properties } from './operations.ts';

export const handler = handle(properties.createGroup, ({ path, body }, app) => insertGroup(app, path.objectType, body));
