import '../../support/environment.ts';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { SignJWT } from 'jose';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';

const old = 'a'.repeat(64);
const fresh = 'b'.repeat(64);
const secrets = mockClient(SecretsManagerClient);
const keys = (value: Record<string, string>) =>
  secrets.on(GetSecretValueCommand).resolves({ SecretString: JSON.stringify(value) });
/** A function that was just started holds no keys. */
async function instance() {
  vi.resetModules();
  return import('../../../lib/links/link.ts');
}
beforeEach(() => {
  secrets.reset();
  keys({ current: '1', '1': old });
});
afterAll(() => secrets.restore());

const Claims = z.object({ surveyId: z.string() });
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();
const sign = async (expiresAt = tomorrow()) => (await instance()).signLink('survey', { surveyId: '7' }, expiresAt);
const read = async (token: string, purpose: 'survey' | 'unsubscribe' = 'survey') =>
  (await instance()).readLink(purpose, token, Claims);

test('a link says what it was signed for', async () => {
  expect(await read(await sign())).toEqual({ claims: { surveyId: '7' } });
});

test('a link opens nothing of another purpose', async () => {
  expect(await read(await sign(), 'unsubscribe')).toEqual({ refused: 'INVALID' });
});

test('a link ends at its time', async () => {
  expect(await read(await sign(new Date(Date.now() - 1000).toISOString()))).toEqual({ refused: 'EXPIRED' });
});

test('a changed, foreign or unsigned link is refused', async () => {
  const token = await sign();
  const [header, , signature] = token.split('.');
  const forged = Buffer.from(JSON.stringify({ surveyId: '8', aud: 'survey', exp: 9e9 })).toString('base64url');
  const none = Buffer.from(JSON.stringify({ alg: 'none', kid: '1' })).toString('base64url');
  for (const bad of [`${header}.${forged}.${signature}`, `${none}.${forged}.`, '', 'x', `${token}x`])
    expect(await read(bad), bad).toEqual({ refused: 'INVALID' });
});

test('the name of the current key is no key', async () => {
  const forged = await new SignJWT({ surveyId: '8' })
    .setProtectedHeader({ alg: 'HS256', kid: 'current' })
    .setAudience('survey')
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode('1'));
  expect(await read(forged)).toEqual({ refused: 'INVALID' });
});

test('after a change of keys old links are good until their key is taken out', async () => {
  const token = await sign();
  keys({ current: '2', '1': old, '2': fresh });
  expect(await read(token)).toEqual({ claims: { surveyId: '7' } });
  const newer = await sign();
  keys({ current: '2', '2': fresh });
  expect(await read(token)).toEqual({ refused: 'INVALID' });
  expect(await read(newer)).toEqual({ claims: { surveyId: '7' } });
});
