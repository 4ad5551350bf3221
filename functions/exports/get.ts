import { handle } from '../../lib/core/handle.ts';
import { showExport } from '../../lib/exports/public.ts';
import { readExport } from '../../lib/exports/store.ts';
import { exports } from './operations.ts';

export const handler = handle(exports.get, async ({ path }, app) =>
  showExport(app, await readExport(app, path.exportId)),
);
