import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { listErrors } from '../../lib/imports/errors.ts';
import { readRowsOfImport } from '../../lib/imports/store.ts';
import { imports } from './operations.ts';

export const handler = handle(imports.listErrors, async ({ path, query, request }, app) => {
  const { results, after } = await listErrors(app, await readRowsOfImport(app, path.importId), query);
  return pageOf(results, after, request);
});
