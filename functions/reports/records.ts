import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { showRecords } from '../../lib/objects/public-record.ts';
import { keysOfQuery, recordsBehind } from '../../lib/reports/behind.ts';
import { readReport } from '../../lib/reports/read-store.ts';
import { requireRecordScope } from '../../lib/reports/record-scope.ts';
import { reports } from './operations.ts';

export const handler = handle(reports.records, async ({ path, query, request }, app) => {
  const report = await readReport(app, path.reportId);
  const { objectType } = report.definition;
  await requireRecordScope(app, request.headers.authorization, objectType);
  const { records, after } = await recordsBehind(app, report, keysOfQuery(query.keys), query);
  const properties = query.properties?.split(',').filter(Boolean);
  const shown = await showRecords(app, objectType, records, { ...(properties && { properties }) }, request.origin);
  return pageOf(shown, after, request);
});
