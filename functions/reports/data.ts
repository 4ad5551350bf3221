import { handle } from '../../lib/core/handle.ts';
import { readData } from '../../lib/reports/data.ts';
import { readReport } from '../../lib/reports/read-store.ts';
import { reports } from './operations.ts';

export const handler = handle(reports.data, async ({ path, query }, app) =>
  readData(app, await readReport(app, path.reportId), query, query.lang),
);
