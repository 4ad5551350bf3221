import { handle } from '../../lib/core/handle.ts';
import { showImport } from '../../lib/imports/public.ts';
import { readImport } from '../../lib/imports/store.ts';
import { imports } from './operations.ts';

export const handler = handle(imports.get, async ({ path }, app) =>
  showImport(app, await readImport(app, path.importId)),
);
