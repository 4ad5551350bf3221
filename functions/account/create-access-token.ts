import { randomUUID } from 'node:crypto';
import { newAccessToken, requireWithin, secretOf, toPublicAccessToken } from '../../lib/account/access-token.ts';
import { tokenWrites } from '../../lib/account/store.ts';
import { handle } from '../../lib/core/handle.ts';
import { readToken } from '../../lib/core/token.ts';
import { readUser } from '../../lib/users/store.ts';
import { account } from './operations.ts';

export const handler = handle(account.createAccessToken, async ({ body, request }, app) => {
  const maker = await readToken(app.table, request.headers.authorization);
  requireWithin(body.scopes, maker.scopes);
  if (body.userId) await readUser(app, { userId: body.userId, idProperty: 'USER_ID' });
  const secret = secretOf(randomUUID());
  const token = newAccessToken(body, { id: app.newId(), now: app.now(), secret, installedBy: maker.userId });
  await app.table.commit(tokenWrites(token));
  return { ...toPublicAccessToken(token), token: secret };
});
