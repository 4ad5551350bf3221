import { handle } from '../../lib/core/handle.ts';
import { showImport } from '../../lib/imports/public.ts';
import { importFromRequest } from '../../lib/imports/request.ts';
import { imports } from './operations.ts';

export const handler = handle(imports.create, async ({ text, request }, app) =>
  showImport(app, await importFromRequest(app, text, request.headers['content-type'] ?? '')),
);
