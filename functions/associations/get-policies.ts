import { publicPolicies, readPolicies } from '../../lib/associations/policy-store.ts';
import { handle } from '../../lib/core/handle.ts';
import { associations } from './operations.ts';

export const handler = handle(associations.getPolicies, async (_, app) => publicPolicies(app, await readPolicies(app)));
