import { nearLimits } from '../../lib/associations/near-limits.ts';
import { handle } from '../../lib/core/handle.ts';
import { typesNearLimit } from '../../lib/limits/association-usage.ts';
import { listObjectTypes } from '../../lib/objects/definition-store.ts';
import { limits } from './operations.ts';

export const handler = handle(limits.associationsFrom, async (_input, app) => ({
  results: typesNearLimit(await listObjectTypes(app), await nearLimits(app), 'fromObjectType'),
}));
