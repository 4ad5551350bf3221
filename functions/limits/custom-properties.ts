import { handle } from '../../lib/core/handle.ts';
import { customPropertyUsage } from '../../lib/limits/usage.ts';
import { loadEveryType } from '../../lib/objects/definition-store.ts';
import { mostCustom } from '../../lib/properties/property.ts';
import { limits } from './operations.ts';

export const handler = handle(limits.customProperties, async (_input, app) =>
  customPropertyUsage(await loadEveryType(app), mostCustom),
);
