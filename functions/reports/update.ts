import { handle } from '../../lib/core/handle.ts';
import { toPublicReport } from '../../lib/reports/schema.ts';
import { changeReport } from '../../lib/reports/store.ts';
import { reports } from './operations.ts';

export const handler = handle(reports.update, async ({ path, body }, app) =>
  toPublicReport(await changeReport(app, path.reportId, body)),
);
