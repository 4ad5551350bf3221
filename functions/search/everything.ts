import { handle } from '../../lib/core/handle.ts';
import { searchEverything } from '../../lib/text/search-box.ts';
import { search } from './operations.ts';

export const handler = handle(search.everything, async ({ body }, app) => ({
  results: await searchEverything(app, body),
}));
