import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { readCursor } from '../../lib/timeline/position.ts';
import { requireAnyRecord } from '../../lib/timeline/record.ts';
import { readTimeline } from '../../lib/timeline/timeline.ts';
import { timeline } from './operations.ts';

export const handler = handle(timeline.list, async ({ path, query, request }, app) => {
  const after = readCursor(query.after);
  const record = await requireAnyRecord(app, path.objectType, path.objectId);
  const kinds = query.kinds?.split(',').map((kind) => kind.trim());
  const { limit, language } = query;
  const page = await readTimeline(app, record, { limit, language, ...(after && { after }), ...(kinds && { kinds }) });
  return pageOf(page.entries, page.after, request);
});
