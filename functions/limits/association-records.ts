import { nearLimits } from '../../lib/associations/near-limits.ts';
import { typePair } from '../../lib/associations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { requireAccess } from '../../lib/core/scopes.ts';
import { recordsNearLimit } from '../../lib/limits/association-usage.ts';
import { limits } from './operations.ts';

export const handler = handle(limits.associationRecords, async ({ path }, app) => {
  const { fromObjectType, toObjectType } = await typePair(app, {
    fromObjectType: path.fromObjectTypeId,
    toObjectType: path.toObjectTypeId,
  });
  requireAccess(app, [fromObjectType], 'read');
  return recordsNearLimit(
    await nearLimits(app, (limit) => limit.fromObjectType === fromObjectType && limit.toObjectType === toObjectType),
  );
});
