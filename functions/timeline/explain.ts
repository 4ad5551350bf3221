import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { explainProperty } from '../../lib/timeline/explain.ts';
import { cursorOf, readCursor } from '../../lib/timeline/position.ts';
import { requireAnyRecord, requireProperty } from '../../lib/timeline/record.ts';
import { timeline } from './operations.ts';

export const handler = handle(timeline.explain, async ({ path, query, request }, app) => {
  const after = readCursor(query.after);
  const record = await requireAnyRecord(app, path.objectType, path.objectId);
  await requireProperty(app, path.objectType, path.propertyName);
  const page = await explainProperty(app, record, path.propertyName, {
    limit: query.limit,
    ...(after && { after }),
  });
  return pageOf(page.results, page.after && cursorOf(page.after), request);
});
