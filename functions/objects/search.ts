import { handle, Reply } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { showRecords } from '../../lib/objects/public-record.ts';
import { searchRecords } from '../../lib/search/search.ts';
import { objects } from './operations.ts';

export const handler = handle(objects.search, async ({ path, body, request }, app) => {
  const { records, total, after } = await searchRecords(app, path.objectType, body);
  const shown = {
    ...(body.properties && { properties: body.properties }),
    ...(body.associations && { associations: body.associations }),
  };
  const results = await showRecords(app, path.objectType, records, shown, request.origin);
  const headers: Record<string, string> = total.exact ? {} : { 'x-tsunagi-total': 'at-least' };
  return new Reply(200, { total: total.count, ...pageOf(results, after, request) }, headers);
});
