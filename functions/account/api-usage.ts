import { handle } from '../../lib/core/handle.ts';
import { account } from './operations.ts';

/** No daily limit, so no call is counted against one; HubSpot's body needs a number, so it is one that nobody reaches. */
const uncapped = 1_000_000_000;

export const handler = handle(account.apiUsage, async (_input, app) => ({
  results: [
    {
      name: 'private-apps-api-calls-daily',
      usageLimit: uncapped,
      currentUsage: 0,
      fetchStatus: 'NOTFOUND' as const,
      collectedAt: app.now(),
    },
  ],
}));
