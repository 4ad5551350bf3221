import { spelledOut } from '../../lib/account/scopes.ts';
import { findToken } from '../../lib/account/store.ts';
import { CrmError } from '../../lib/core/errors.ts';
import { handle } from '../../lib/core/handle.ts';
import { account } from './operations.ts';

export const handler = handle(account.accessTokenInfo, async ({ body }, app) => {
  const token = await findToken(app, body.tokenKey);
  if (!token) throw new CrmError('OBJECT_NOT_FOUND', 'The given token could not be found');
  return {
    userId: Number(token.userId ?? token.installedBy ?? 0),
    hubId: app.portalId,
    appId: Number(token.tokenId),
    scopes: spelledOut(token.scopes),
  };
});
