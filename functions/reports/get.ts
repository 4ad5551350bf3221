import { handle } from '../../lib/core/handle.ts';
import { readReport } from '../../lib/reports/read-store.ts';
import { toPublicReport } from '../../lib/reports/schema.ts';
import { reports } from './operations.ts';

export const handler = handle(reports.get, async ({ path }, app) =>
  toPublicReport(await readReport(app, path.reportId)),
);
