import * as z from 'zod/mini';
import { CrmError } from '../core/errors.ts';
import { AccessToken, hashToken } from '../core/token.ts';

/** An access token as stored, with what only this area reads. */
export const StoredToken = z.extend(AccessToken, {
  /** The hash is the key of the row that authorises; here it is for the twin that lists. */
  hash: z.string(),
  /** The user who stands behind a token that acts in its own name. */
  installedBy: z.optional(z.string()),
});
export type StoredToken = z.output<typeof StoredToken>;

const Scope = z.string().check(z.regex(/^(\*|[a-z0-9][a-z0-9._-]{0,99})$/, 'is not a scope'));

export const NewAccessToken = z.strictObject({
  name: z.string().check(z.minLength(1), z.maxLength(200)),
  scopes: z.array(Scope).check(z.minLength(1), z.maxLength(200)),
  userId: z.optional(z.string()),
  expiresAt: z.optional(z.iso.datetime({ offset: true })),
});
export type NewAccessToken = z.output<typeof NewAccessToken>;

export const PublicAccessToken = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  userId: z.optional(z.string()),
  createdAt: z.string(),
  expiresAt: z.optional(z.string()),
});

/** A token looks like a private app's of HubSpot. */
export const secretOf = (uuid: string) => `pat-jp1-${uuid}`;

/** The row of a new token. Only the hash of the secret is in it. */
export function newAccessToken(
  input: NewAccessToken,
  at: { id: string; now: string; secret: string; installedBy?: string | undefined },
): StoredToken {
  const expiresOn = input.expiresAt && new Date(input.expiresAt).toISOString();
  if (expiresOn && expiresOn <= at.now)
    throw new CrmError('VALIDATION_ERROR', 'expiresAt is in the past', { context: { fields: ['expiresAt'] } });
  return {
    tokenId: at.id,
    name: input.name,
    scopes: [...new Set(input.scopes)],
    ...(input.userId && { userId: input.userId }),
    ...(at.installedBy && { installedBy: at.installedBy }),
    createdAt: at.now,
    ...(expiresOn && { expiresOn }),
    hash: hashToken(at.secret),
  };
}

/** Nobody can hand out more than they hold. @throws CrmError 403 naming the scopes. */
export function requireWithin(scopes: readonly string[], held: readonly string[]): void {
  const missing = held.includes('*') ? [] : scopes.filter((scope) => !held.includes(scope));
  if (missing.length === 0) return;
  throw new CrmError('MISSING_SCOPES', 'A token cannot be given scopes that the token which makes it lacks.', {
    errors: [{ message: 'These scopes are not held.', context: { requiredGranularScopes: missing } }],
  });
}

export const toPublicAccessToken = ({
  tokenId,
  name,
  scopes,
  userId,
  createdAt,
  expiresOn,
}: StoredToken): z.input<typeof PublicAccessToken> => ({
  id: tokenId,
  name,
  scopes,
  ...(userId && { userId }),
  createdAt,
  ...(expiresOn && { expiresAt: expiresOn }),
});
