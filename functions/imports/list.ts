import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { showImports } from '../../lib/imports/public.ts';
import { listImports } from '../../lib/imports/store.ts';
import { imports } from './operations.ts';

export const handler = handle(imports.list, async ({ query, request }, app) => {
  const { imports: found, after } = await listImports(app, query);
  return pageOf(await showImports(app, found), after, request);
});
