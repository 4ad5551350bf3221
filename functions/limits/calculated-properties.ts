import { handle } from '../../lib/core/handle.ts';
import { calculatedPropertyUsage } from '../../lib/limits/usage.ts';
import { loadEveryType } from '../../lib/objects/definition-store.ts';
import { limits } from './operations.ts';

export const handler = handle(limits.calculatedProperties, async (_input, app) =>
  calculatedPropertyUsage(await loadEveryType(app)),
);
