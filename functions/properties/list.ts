import { handle } from '../../lib/core/handle.ts';
import { readDefinitions } from '../../lib/properties/store.ts';
import { properties } from './operations.ts';

export const handler = handle(properties.list, async ({ path, query }, app) => {
  const { properties: live, archivedProperties } = await readDefinitions(app, path.objectType);
  const shown = query.archived ? archivedProperties : live;
  const sensitive = query.dataSensitivity !== undefined && query.dataSensitivity !== 'non_sensitive';
  return { results: sensitive ? [] : [...shown.values()] };
});
