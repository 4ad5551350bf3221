import { createHash, createPublicKey, randomBytes } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import type { Store } from '../store.ts';
import { idOf, type Stored } from './records.ts';
import { demoApp } from './seed.ts';

/** Salesforce takes an assertion for this long at most. */
const assertionSeconds = 300;

/** A refusal of the token endpoint, in OAuth's form. */
export class TokenError extends Error {
  readonly code: string;

  constructor(code: string, description: string) {
    super(description);
    this.name = 'TokenError';
    this.code = code;
  }

  toBody(): { error: string; error_description: string } {
    return { error: this.code, error_description: this.message };
  }
}

type TokenRequest = {
  readonly form: URLSearchParams;
  readonly authorization?: string;
  readonly instanceUrl: string;
  /** The org's clock in milliseconds. */
  readonly now: number;
  readonly publicKeys: Readonly<Record<string, string>>;
  readonly userNamed: (username: string) => Stored | undefined;
};

/** Who asks, found out by one of the two grants. @throws TokenError */
export async function grantedUser(request: TokenRequest): Promise<Stored> {
  switch (request.form.get('grant_type')) {
    case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
      return await byAssertion(request);
    case 'client_credentials':
      return byCredentials(request);
    default:
      throw new TokenError('unsupported_grant_type', 'grant type not supported');
  }
}

async function byAssertion({ form, instanceUrl, now, publicKeys, userNamed }: TokenRequest): Promise<Stored> {
  const assertion = form.get('assertion') ?? '';
  const pem = publicKeys[claimOf(assertion, 'iss')];
  if (!pem) throw new TokenError('invalid_client_id', 'client identifier invalid');
  const audience = ['https://login.salesforce.com', 'https://test.salesforce.com', instanceUrl];
  try {
    const { payload } = await jwtVerify(assertion, createPublicKey(pem), {
      algorithms: ['RS256'],
      audience,
      currentDate: new Date(now),
      requiredClaims: ['sub', 'exp', 'aud'],
    });
    if ((payload.exp ?? 0) > now / 1000 + assertionSeconds) throw new TokenError('invalid_grant', 'invalid assertion');
    return activeUser(userNamed(payload.sub ?? ''));
  } catch (error) {
    throw refusalOf(error);
  }
}

function refusalOf(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return new TokenError('invalid_grant', 'expired authorization code');
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud')
    return new TokenError('invalid_grant', 'audience is invalid');
  return error instanceof errors.JOSEError ? new TokenError('invalid_grant', 'invalid assertion') : error;
}

/** A claim of a token that nobody has verified yet. */
function claimOf(token: string, claim: string): string {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const value =
      typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>)[claim] : undefined;
    return typeof value === 'string' ? value : '';
  } catch {
    throw new TokenError('invalid_grant', 'invalid assertion');
  }
}

function byCredentials({ form, authorization = '', userNamed }: TokenRequest): Stored {
  const [, basic = ''] = /^basic (.+)$/i.exec(authorization) ?? [];
  const [id = '', ...secret] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  if ((form.get('client_id') ?? id) !== demoApp.clientId)
    throw new TokenError('invalid_client_id', 'client identifier invalid');
  if ((form.get('client_secret') ?? secret.join(':')) !== demoApp.clientSecret)
    throw new TokenError('invalid_client', 'invalid client credentials');
  return activeUser(userNamed(demoApp.username));
}

function activeUser(user: Stored | undefined): Stored {
  if (user?.fields.IsActive === true) return user;
  throw new TokenError('invalid_grant', "user hasn't approved this consumer");
}

/** The access tokens that are good. Only their hashes are kept. */
export class Sessions {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(store: Store) {
    this.#sql = prepare(store);
  }

  open(user: Stored, now: number, seconds: number): string {
    const token = `00D5g000004TsunEAC!${randomBytes(48).toString('base64url')}`;
    this.#sql.prune.run(now);
    this.#sql.add.run(hash(token), idOf(user), now + seconds * 1000);
    return token;
  }

  /** Whose token it is; undefined when it is none or no longer good. */
  userOf(authorization: string, now: number): string | undefined {
    const [, token = ''] = /^(?:bearer|oauth) (.+)$/i.exec(authorization) ?? [];
    return this.#sql.find.get(hash(token), now)?.user_id;
  }

  endAll(): void {
    this.#sql.clear.run();
  }
}

const hash = (token: string) => createHash('sha256').update(token).digest('hex');

function prepare(store: Store) {
  return {
    add: store.statement('insert into salesforce_session values (?, ?, ?)'),
    find: store.statement<{ user_id: string }>(
      'select user_id from salesforce_session where token = ? and expires_at > ?',
    ),
    prune: store.statement('delete from salesforce_session where expires_at <= ?'),
    clear: store.statement('delete from salesforce_session'),
  };
}
