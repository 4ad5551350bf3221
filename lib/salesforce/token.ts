import * as z from 'zod/mini';
import { callOutside, type OutgoingResult } from '../outgoing/request.ts';
import { jsonOf } from './answer.ts';
import type { Credentials } from './schema.ts';
import { SalesforceTrouble } from './trouble.ts';

const TokenAnswer = z.object({ access_token: z.string(), id: z.string() });
const Refusal = z.looseObject({ error: z.string(), error_description: z.optional(z.string()) });

export type Token = { readonly secret: string; readonly organizationId: string };

const usualAudience = 'https://login.salesforce.com';
const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** Salesforce takes assertions that end within about five minutes of its own clock. */
const assertionSeconds = 150;
const timeoutMs = 10_000;
const tries = 3;

/** Signs in. A clock that is off is set by Salesforce's own `Date`, once. @throws SalesforceTrouble */
async function signIn(instanceUrl: string, credentials: Credentials, onCall: () => void): Promise<Token> {
  let clockMs = Date.now();
  let corrected = false;
  for (let attempt = 1; ; attempt += 1) {
    onCall();
    const result = await ask(instanceUrl, credentials, clockMs);
    const token = tokenIn(result);
    if (token) return token;
    const trouble = troubleOf(result);
    const serverMs = result.kind === 'answer' ? Date.parse(result.headers.date ?? '') : Number.NaN;
    const isOff = trouble.kind === 'SIGN_IN' && !corrected && Math.abs(serverMs - clockMs) > 60_000;
    if (isOff) {
      clockMs = serverMs;
      corrected = true;
    } else if (trouble.kind !== 'UNAVAILABLE' || attempt >= tries) throw trouble;
  }
}

async function ask(instanceUrl: string, credentials: Credentials, clockMs: number): Promise<OutgoingResult> {
  const base = credentials.kind === 'jwt' ? (credentials.loginUrl ?? instanceUrl) : instanceUrl;
  return callOutside(
    {
      method: 'POST',
      url: `${base.replace(/\/$/, '')}/services/oauth2/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams(await formOf(credentials, clockMs)).toString(),
    },
    { timeoutMs },
  );
}

async function formOf(credentials: Credentials, clockMs: number): Promise<Record<string, string>> {
  if (credentials.kind === 'jwt')
    return { grant_type: jwtBearer, assertion: await assertionOf(credentials, Math.floor(clockMs / 1000)) };
  const { clientId, clientSecret } = credentials;
  return { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
}

type JwtCredentials = Extract<Credentials, { kind: 'jwt' }>;

async function assertionOf(
  { clientId, username, privateKey, loginUrl, audience }: JwtCredentials,
  nowSeconds: number,
): Promise<string> {
  const { importPKCS8, SignJWT } = await import('jose');
  const login = loginUrl && /^https:\/\/(login|test)\.salesforce\.com/.test(loginUrl) ? loginUrl : usualAudience;
  return new SignJWT()
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(clientId)
    .setSubject(username)
    .setAudience(audience ?? login)
    .setExpirationTime(nowSeconds + assertionSeconds)
    .sign(await importPKCS8(privateKey, 'RS256'));
}

function tokenIn(result: OutgoingResult): Token | undefined {
  if (result.kind !== 'answer' || result.status !== 200 || !result.complete) return undefined;
  const read = TokenAnswer.safeParse(jsonOf(result.body));
  // …/id/00D…/005…: the org and the user.
  const organizationId = /\/id\/(\w{15,18})\//.exec(read.data?.id ?? '')?.[1];
  return read.data && organizationId ? { secret: read.data.access_token, organizationId } : undefined;
}

function troubleOf(result: OutgoingResult): SalesforceTrouble {
  if (result.kind === 'refused') return new SalesforceTrouble('REFUSED', 'ADDRESS', result.reason);
  if (result.kind !== 'answer') return new SalesforceTrouble('UNAVAILABLE', 'NO_ANSWER', result.reason);
  const refusal = Refusal.safeParse(jsonOf(result.body));
  if (result.complete && result.status >= 400 && result.status < 500 && refusal.success) {
    const { error, error_description: description } = refusal.data;
    return new SalesforceTrouble('SIGN_IN', error, description ? `${error}: ${description}` : error);
  }
  return new SalesforceTrouble('UNAVAILABLE', `HTTP_${result.status}`, `signing in was answered ${result.status}`);
}

const held = new Map<string, Token>();
const keyOf = (instanceUrl: string, credentials: Credentials) => JSON.stringify([instanceUrl, credentials]);

/** Makes the next call sign in, for who wants to see that it works. */
export const forgetSession = (): void => held.clear();

/** The session of this process; signs in when there is none, or when `expired` is the one that there was. */
export async function sessionOf(
  instanceUrl: string,
  credentials: Credentials,
  onCall: () => void,
  expired?: Token,
): Promise<Token> {
  const key = keyOf(instanceUrl, credentials);
  const known = held.get(key);
  if (known && known !== expired) return known;
  const token = await signIn(instanceUrl, credentials, onCall);
  held.clear();
  held.set(key, token);
  return token;
}
