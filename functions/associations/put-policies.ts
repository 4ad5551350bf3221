import { putPolicies } from '../../lib/associations/policy-change.ts';
import { publicPolicies } from '../../lib/associations/policy-store.ts';
import { handle } from '../../lib/core/handle.ts';
import { associations } from './operations.ts';

export const handler = handle(associations.putPolicies, async ({ body }, app) =>
  publicPolicies(app, await putPolicies(app, body)),
);
