import { handle } from '../../lib/core/handle.ts';
import { statusOf } from '../../lib/exports/public.ts';
import { readFileOfExport } from '../../lib/exports/store.ts';
import { exports } from './operations.ts';

export const handler = handle(exports.status, async ({ path }, app) =>
  statusOf(app, await readFileOfExport(app, path.taskId)),
);
