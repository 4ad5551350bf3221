import { recordsBehindAttribution, typeBehind } from '../../lib/attribution/behind.ts';
import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { requireAccess } from '../../lib/core/scopes.ts';
import { showRecords } from '../../lib/objects/public-record.ts';
import { reports } from './operations.ts';

export const handler = handle(reports.attributionRecords, async ({ query, request }, app) => {
  const objectType = typeBehind(query);
  requireAccess(app, [objectType], 'read');
  const { records, after } = await recordsBehindAttribution(app, query);
  const properties = query.properties?.split(',').filter(Boolean);
  const shown = await showRecords(app, objectType, records, { ...(properties && { properties }) }, request.origin);
  return pageOf(shown, after, request);
});
