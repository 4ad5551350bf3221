import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { demoApp } from '../../../../cdk/local/services/salesforce/seed.ts';
import { orgStand } from './stand.ts';

const stand = orgStand();
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = publicKey.export({ type: 'spki', format: 'pem' });
const bearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

type Claims = { iss?: string; sub?: string; aud?: string; inSeconds?: number };

const assertion = ({
  iss = demoApp.clientId,
  sub = demoApp.username,
  aud = 'https://login.salesforce.com',
  inSeconds = 180,
}: Claims) =>
  new SignJWT()
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(iss)
    .setSubject(sub)
    .setAudience(aud)
    .setExpirationTime(Math.floor(Date.now() / 1000) + inSeconds)
    .sign(privateKey);

const ask = async (claims: Claims = {}) => stand.org.token({ grant_type: bearer, assertion: await assertion(claims) });

test('a signed assertion is exchanged for a session once its key is registered', async () => {
  expect(await ask()).toMatchObject({ status: 400, body: { error: 'invalid_client_id' } });
  const set = await stand.org.admin('PUT', '/org', { publicKeys: { [demoApp.clientId]: pem } });
  expect(set).toMatchObject({ status: 200, body: { instanceUrl: stand.org.url } });

  const { status, body } = await ask();
  expect(status).toBe(200);
  expect(body).toMatchObject({
    token_type: 'Bearer',
    instance_url: stand.org.url,
    id: expect.stringMatching(/\/id\/00D\w{15}\/005\w{15}$/),
  });
  expect(body).not.toHaveProperty('refresh_token');
  const headers = { authorization: `Bearer ${body.access_token}` };
  const limits = await fetch(`${stand.org.url}/services/data/v63.0/limits`, { headers });
  expect(limits.status).toBe(200);
});

test.each<[string, Claims]>([
  ['audience is invalid', { aud: 'https://elsewhere.example.com' }],
  ["user hasn't approved this consumer", { sub: 'nobody@example.co.jp' }],
  ["user hasn't approved this consumer", { sub: 'retired@example.co.jp' }],
  ['expired authorization code', { inSeconds: -1 }],
  ['invalid assertion', { inSeconds: 600 }],
])('an assertion is refused: %s', async (error_description, claims) => {
  expect(await ask(claims)).toMatchObject({ status: 400, body: { error: 'invalid_grant', error_description } });
});

test('an assertion that somebody else signed, or nobody, is refused', async () => {
  const good = await assertion({});
  const [head, claims] = good.split('.');
  for (const bad of [`${head}.${claims}.${'A'.repeat(342)}`, `${head}.${claims}.`, 'nonsense', '']) {
    const answer = await stand.org.token({ grant_type: bearer, assertion: bad });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(/invalid_grant|invalid_client_id/) },
    });
  }
});

test('an org whose clock is ten minutes off refuses what our clock takes for good', async () => {
  await stand.org.admin('PUT', '/org', { clockSkewMs: 600_000 });
  expect(await ask()).toMatchObject({ status: 400, body: { error_description: 'expired authorization code' } });
  const { headers } = await stand.org.call('GET', '/limits');
  const ahead = Date.parse(headers.get('date') ?? '') - Date.now();
  expect(ahead).toBeGreaterThan(590_000);
  expect(ahead).toBeLessThan(610_000);
  expect((await ask({ inSeconds: 780 })).status).toBe(200);
  await stand.org.admin('PUT', '/org', { clockSkewMs: 0 });
});

test('client credentials need their secret', async () => {
  const form = { grant_type: 'client_credentials', client_id: demoApp.clientId };
  expect((await stand.org.token({ ...form, client_secret: demoApp.clientSecret })).status).toBe(200);
  expect(await stand.org.token({ ...form, client_secret: 'wrong' })).toMatchObject({
    status: 400,
    body: { error: 'invalid_client' },
  });
  expect(await stand.org.token({ ...form, client_id: 'x' })).toMatchObject({
    status: 400,
    body: { error: 'invalid_client_id' },
  });
  expect(await stand.org.token({ grant_type: 'password' })).toMatchObject({
    status: 400,
    body: { error: 'unsupported_grant_type' },
  });
});

test('a session ends when its time is over', async () => {
  await stand.org.admin('PUT', '/org', { sessionSeconds: 60 });
  await stand.org.login();
  expect((await stand.org.call('GET', '/limits')).status).toBe(200);
  await fetch(`${stand.local.localUrl}/clock`, { method: 'POST', body: JSON.stringify({ advanceMs: 61_000 }) });
  expect(await stand.org.call('GET', '/limits')).toMatchObject({
    status: 401,
    body: [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }],
  });
});

test('a setting that does not exist or a key that is none is refused by name', async () => {
  expect(await stand.org.admin('PUT', '/org', { nothing: 1 })).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining('nothing') },
  });
  const bad = await stand.org.admin('PUT', '/org', { publicKeys: { app: 'no key' } });
  expect(bad).toMatchObject({ status: 400, body: { message: expect.stringContaining('PEM') } });
});
