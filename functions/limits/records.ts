import { handle } from '../../lib/core/handle.ts';
import { readRecordCounts } from '../../lib/limits/store.ts';
import { usageOf } from '../../lib/limits/usage.ts';
import { listObjectTypes } from '../../lib/objects/definition-store.ts';
import { limits } from './operations.ts';

export const handler = handle(limits.records, async (_input, app) => {
  const [types, counts] = await Promise.all([listObjectTypes(app), readRecordCounts(app)]);
  return usageOf(types, counts);
});
