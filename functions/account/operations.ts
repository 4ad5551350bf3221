import * as z from 'zod/mini';
import { NewAccessToken, PublicAccessToken } from '../../lib/account/access-token.ts';
import { AccountDetails } from '../../lib/account/details.ts';
import { operations, workers } from '../../lib/core/operation.ts';

export const account = operations('account', {
  details: {
    route: 'GET /account-info/v3/details',
    summary: 'What account this is',
    scope: null,
    status: 200,
    output: AccountDetails,
    uses: ['table:read'],
  },
  apiUsage: {
    route: 'GET /account-info/v3/api-usage/daily/private-apps',
    summary: 'How many calls access tokens made today: there is no limit to count against',
    scope: null,
    status: 200,
    output: z.object({
      results: z.array(
        z.object({
          name: z.string(),
          usageLimit: z.number(),
          currentUsage: z.number(),
          fetchStatus: z.enum(['CACHED', 'FAILURE', 'NOTFOUND', 'SUCCESS', 'TIMEOUT']),
          collectedAt: z.string(),
        }),
      ),
    }),
    uses: ['table:read'],
  },
  accessTokenInfo: {
    route: 'POST /oauth/v2/private-apps/get/access-token-info',
    summary: 'What a token may do, and whose it is',
    scope: null,
    body: z.object({ tokenKey: z.string().check(z.minLength(1), z.maxLength(500)) }),
    status: 200,
    output: z.object({ userId: z.number(), hubId: z.number(), appId: z.number(), scopes: z.array(z.string()) }),
    uses: ['table:read'],
  },
  createAccessToken: {
    route: 'POST /settings/v1/access-tokens',
    summary: 'Make an access token; the answer is the only time that it is shown',
    scope: 'settings.users.write',
    body: NewAccessToken,
    status: 201,
    output: z.extend(PublicAccessToken, { token: z.string() }),
    uses: ['table:read', 'table:write'],
  },
  listAccessTokens: {
    route: 'GET /settings/v1/access-tokens',
    summary: 'List access tokens, without their secrets',
    scope: 'settings.users.read',
    status: 200,
    output: z.object({ results: z.array(PublicAccessToken) }),
    uses: ['table:read'],
  },
  removeAccessToken: {
    route: 'DELETE /settings/v1/access-tokens/{tokenId}',
    summary: 'End an access token',
    scope: 'settings.users.write',
    path: z.object({ tokenId: z.string() }),
    status: 204,
    uses: ['table:read', 'table:write'],
  },
});

export const accountWorkers = workers('account', {
  seed: {
    summary: 'Writes what a new installation holds: the first access token, pipelines, teams and the first user',
    uses: ['table:read', 'table:write', 'secret:access-token:read'],
    timeoutSeconds: 60,
  },
});
