import { handle } from '../../lib/core/handle.ts';
import { readDefinitions } from '../../lib/properties/store.ts';
import { properties } from './operations.ts';

export const handler = handle(properties.listGroups, async ({ path }, app) => {
  const { groups } = await readDefinitions(app, path.objectType);
  return { results: groups.filter(({ archived }) => !archived) };
});
