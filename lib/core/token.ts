import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { tokenKey } from '../table/keys.ts';
import type { Table } from '../table/table.ts';
import { CrmError } from './errors.ts';

/** An access token as it is stored: under its SHA-256, never itself. `*` among the scopes is every scope. */
export const AccessToken = z.object({
  tokenId: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  userId: z.optional(z.string()),
  createdAt: z.string(),
  expiresOn: z.optional(z.string()),
});
export type AccessToken = z.output<typeof AccessToken>;

export const hashToken = (token: string) => createHash('sha256').update(token).digest('hex');

/** A token read is good for a minute in one instance: a revoked token may work that long. */
const cachedMs = 60_000;
const cache = new Map<string, { token: AccessToken; until: number }>();
const cacheLimit = 1000;

const missing = () =>
  new CrmError(
    'INVALID_AUTHENTICATION',
    'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview',
  );

/** The token of an `Authorization: Bearer` header. @throws CrmError 401 when absent, unknown or expired. */
export async function readToken(table: Table, authorization: string | undefined): Promise<AccessToken> {
  const [, secret] = /^Bearer\s+(\S+)\s*$/i.exec(authorization ?? '') ?? [];
  if (!secret) throw missing();
  const token = await lookUp(table, hashToken(secret));
  if (!token) throw missing();
  const late = token.expiresOn ? Math.ceil((Date.now() - Date.parse(token.expiresOn)) / 1000) : 0;
  if (late > 0)
    throw new CrmError(
      'EXPIRED_AUTHENTICATION',
      `The OAuth token used to make this call expired ${late} second(s) ago.`,
    );
  return token;
}

async function lookUp(table: Table, hash: string): Promise<AccessToken | undefined> {
  const cached = cache.get(hash);
  if (cached && cached.until > Date.now()) return cached.token;
  const token = await table.get(tokenKey(hash), AccessToken, { consistent: false });
  if (token) {
    if (cache.size >= cacheLimit) cache.clear();
    cache.set(hash, { token, until: Date.now() + cachedMs });
  }
  return token;
}
