import { handle } from '../../lib/core/handle.ts';
import { customTypeUsage } from '../../lib/limits/usage.ts';
import { listObjectTypes } from '../../lib/objects/definition-store.ts';
import { limits } from './operations.ts';

export const handler = handle(limits.customObjectTypes, async (_input, app) => {
  const types = await listObjectTypes(app);
  return customTypeUsage(types.filter(({ custom }) => custom).length);
});
