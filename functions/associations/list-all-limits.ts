import { publicLimits } from '../../lib/associations/limits.ts';
import { handle } from '../../lib/core/handle.ts';
import { associations } from './operations.ts';

export const handler = handle(associations.listAllLimits, async (_input, app) => ({
  results: await publicLimits(app),
}));
