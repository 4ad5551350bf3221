import { nearLimits } from '../../lib/associations/near-limits.ts';
import { handle } from '../../lib/core/handle.ts';
import { typesNearLimit } from '../../lib/limits/association-usage.ts';
import { listObjectTypes, loadObjectType } from '../../lib/objects/definition-store.ts';
import { limits } from './operations.ts';

export const handler = handle(limits.associationsTo, async ({ path }, app) => {
  const { objectTypeId } = await loadObjectType(app, path.fromObjectTypeId);
  const near = await nearLimits(app, ({ fromObjectType }) => fromObjectType === objectTypeId);
  return { results: typesNearLimit(await listObjectTypes(app), near, 'toObjectType') };
});
