import { handle } from '../../lib/core/handle.ts';
import { startExport } from '../../lib/exports/store.ts';
import { exports } from './operations.ts';

export const handler = handle(exports.start, async ({ body, request }, app) => {
  const { id } = await startExport(app, body);
  return { id, links: { status: `${request.origin}/crm/v3/exports/export/async/tasks/${id}/status` } };
});
