import { handle } from '../../lib/core/handle.ts';
import { toFoundList } from '../../lib/lists/schema.ts';
import { searchLists } from '../../lib/lists/search.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.search, async ({ body }, app) => {
  const { lists: found, ...page } = await searchLists(app, body);
  return { ...page, lists: found.map(({ list, size }) => toFoundList(list, size, body.additionalProperties ?? [])) };
});
