import { createHmac } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import * as z from 'zod/mini';
import { readSecret } from '../aws/secret.ts';
import { environment } from '../core/environment.ts';

/** What a link is for. A link of one purpose opens nothing else. */
export type LinkPurpose =
  | 'survey'
  | 'unsubscribe'
  | 'dashboard'
  | 'open'
  | 'click'
  | 'visitor'
  | 'identification'
  | 'form-visitor'
  | 'confirm'
  | 'view';

/** The secret: keys by their ids, and which of them signs. */
const LinkKeys = z.catchall(z.object({ current: z.string() }), z.string().check(z.minLength(32)));
type LinkKeys = z.output<typeof LinkKeys>;

const algorithm = 'HS256';
/** A key that was added is known to every instance after this time. */
const keptMs = 5 * 60_000;
let held: { readonly keys: Promise<LinkKeys>; readonly until: number } | undefined;

function linkKeys(): Promise<LinkKeys> {
  if (held && held.until > performance.now()) return held.keys;
  const keys = loadKeys();
  held = { keys, until: performance.now() + keptMs };
  keys.catch(() => {
    held = undefined;
  });
  return keys;
}

async function loadKeys(): Promise<LinkKeys> {
  const text = await readSecret(environment('LINK_KEYS_SECRET_ARN'));
  return LinkKeys.parse(JSON.parse(text ?? 'null'));
}

const bytesOf = (key: string) => new TextEncoder().encode(key);

/**
 * A compact JWS (HS256) with the key's id, the purpose, the claims and the end of its time: what a link in a mail carries. It is signed,
 * not encrypted: claims are ids, nothing that its holder may not read. About 250 characters.
 */
export async function signLink(
  purpose: LinkPurpose,
  claims: Readonly<Record<string, string>>,
  expiresAt: string,
): Promise<string> {
  const { current, [current]: key = '' } = await linkKeys();
  const header = encoded({ alg: algorithm, kid: current });
  const payload = encoded({ ...claims, aud: purpose, exp: Math.floor(Date.parse(expiresAt) / 1000) });
  // A mail has ten links: `SignJWT`, which asks WebCrypto for each of them, takes ten times as long.
  const signature = createHmac('sha256', bytesOf(key)).update(`${header}.${payload}`).digest('base64url');
  return `${header}.${payload}.${signature}`;
}

const encoded = (part: Readonly<Record<string, unknown>>) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** What a link says, or why it is refused: forged, of another purpose or shape (`INVALID`), or too late (`EXPIRED`). */
export async function readLink<S extends z.ZodMiniType>(
  purpose: LinkPurpose,
  token: string,
  schema: S,
): Promise<{ readonly claims: z.output<S> } | { readonly refused: 'INVALID' | 'EXPIRED' }> {
  try {
    const { payload } = await jwtVerify(token, keyOf, { audience: purpose, algorithms: [algorithm] });
    const claims = schema.safeParse(payload);
    return claims.success ? { claims: claims.data } : { refused: 'INVALID' };
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { refused: 'EXPIRED' };
    if (error instanceof errors.JOSEError) return { refused: 'INVALID' };
    throw error;
  }
}

async function keyOf({ kid = '' }: { readonly kid?: string }): Promise<Uint8Array> {
  const keys = await linkKeys();
  const key = kid === 'current' || !Object.hasOwn(keys, kid) ? undefined : keys[kid];
  if (key === undefined) throw new errors.JWKSNoMatchingKey();
  return bytesOf(key);
}

/** A hash that nobody can find the text of without the key, though there be few such texts (addresses of the net). It changes with the key. */
export async function keyedHash(text: string): Promise<string> {
  const keys = await linkKeys();
  return createHmac('sha256', bytesOf(keys[keys.current] ?? ''))
    .update(text)
    .digest('base64url')
    .slice(0, 22);
}

/**
 * A secret for one use besides links (a captcha, a stamp), made of the signing key or of the one with the id `kid`: who learns it can sign
 * no link. Undefined for a key that there is not (any more).
 */
export async function derivedSecret(
  use: string,
  kid?: string,
): Promise<{ readonly kid: string; readonly secret: string } | undefined> {
  const keys = await linkKeys();
  const id = kid ?? keys.current;
  const key = id === 'current' || !Object.hasOwn(keys, id) ? undefined : keys[id];
  return key === undefined ? undefined : { kid: id, secret: createHmac('sha256', key).update(use).digest('hex') };
}

/** Where the public API is reached: links in mails begin with it. */
export const publicUrl = (): string => environment('PUBLIC_URL');
