import { publicLimits } from '../../lib/associations/limits.ts';
import { typePair } from '../../lib/associations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { associations } from './operations.ts';

export const handler = handle(associations.listLimits, async ({ path }, app) => ({
  results: await publicLimits(app, await typePair(app, path)),
}));
