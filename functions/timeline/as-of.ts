import { handle } from '../../lib/core/handle.ts';
import { fullRecord } from '../../lib/objects/public-record.ts';
import { recordAsOf } from '../../lib/timeline/as-of.ts';
import { requireAnyRecord } from '../../lib/timeline/record.ts';
import { timeline } from './operations.ts';

export const handler = handle(timeline.asOf, async ({ path, query: { asOf } }, app) => {
  const record = await requireAnyRecord(app, path.objectType, path.objectId);
  if (asOf === undefined) return fullRecord(record);
  return { ...fullRecord(await recordAsOf(app, record, asOf)), asOf };
});
