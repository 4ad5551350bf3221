import { handle } from '../../lib/core/handle.ts';
import { resultAddress } from '../../lib/imports/result.ts';
import { readRowsOfImport } from '../../lib/imports/store.ts';
import { imports } from './operations.ts';

export const handler = handle(imports.result, async ({ path }, app) =>
  resultAddress(app, await readRowsOfImport(app, path.importId)),
);
