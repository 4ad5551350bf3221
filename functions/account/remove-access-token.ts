import { removeToken } from '../../lib/account/store.ts';
import { handle } from '../../lib/core/handle.ts';
import { account } from './operations.ts';

export const handler = handle(account.removeAccessToken, async ({ path }, app) => {
  await removeToken(app, path.tokenId);
  return undefined;
});
