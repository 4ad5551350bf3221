import { toPublicAccessToken } from '../../lib/account/access-token.ts';
import { listTokens } from '../../lib/account/store.ts';
import { handle } from '../../lib/core/handle.ts';
import { account } from './operations.ts';

export const handler = handle(account.listAccessTokens, async (_, app) => ({
  results: (await listTokens(app)).map(toPublicAccessToken),
}));
