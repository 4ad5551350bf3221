import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { hashToken } from '../core/token.ts';
import { absent, present } from '../table/conditions.ts';
import { tokenKey, tokenListKey, tokenListPartition } from '../table/keys.ts';
import { ConditionFailed } from '../table/table.ts';
import type { Write } from '../table/write.ts';
import { StoredToken } from './access-token.ts';

/** The rows of a token: the one that authorises, and the twin that lists it. */
export const tokenWrites = (token: StoredToken): Write[] => [
  { put: { ...tokenKey(token.hash), entity: 'access-token', ...token }, when: absent },
  { put: { ...tokenListKey(token.tokenId), entity: 'access-token-twin', ...token }, when: absent },
];

/** All tokens, oldest first, without their secrets. */
export const listTokens = ({ table }: App): Promise<StoredToken[]> =>
  table.all({ pk: tokenListPartition, prefix: 'token#' }, StoredToken);

/** The token that this secret is; undefined for anything else. */
export const findToken = ({ table }: App, secret: string): Promise<StoredToken | undefined> =>
  table.get(tokenKey(hashToken(secret)), StoredToken);

/** Ends a token. An instance that used it within the last minute may still accept it for that long. @throws CrmError 404. */
export async function removeToken({ table }: App, tokenId: string): Promise<void> {
  const token = await table.get(tokenListKey(tokenId), StoredToken);
  if (!token) throw notFound(tokenId);
  try {
    await table.commit([{ remove: tokenKey(token.hash), when: present }, { remove: tokenListKey(tokenId) }]);
  } catch (error) {
    throw error instanceof ConditionFailed ? notFound(tokenId) : error;
  }
}

const notFound = (tokenId: string) => new CrmError('OBJECT_NOT_FOUND', `No access token exists with ID '${tokenId}'`);
