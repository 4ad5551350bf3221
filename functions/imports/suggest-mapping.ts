import { handle } from '../../lib/core/handle.ts';
import { suggestMapping } from '../../lib/imports/suggest.ts';
import { imports } from './operations.ts';

export const handler = handle(imports.suggestMapping, async ({ query }, app) => ({
  results: await suggestMapping(app, query.objectType, query.headers),
}));
