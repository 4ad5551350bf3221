import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as createContact } from '../../../functions/objects/create.ts';
import { handler as show } from '../../../functions/pages/show-email.ts';
import { newEmail } from '../../../lib/emails/email.ts';
import { createEmail } from '../../../lib/emails/store.ts';
import { viewUrlOf } from '../../../lib/emails/view-link.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

const keys = { current: 'a', a: 'k'.repeat(40) };
mockClient(SecretsManagerClient)
  .on(GetSecretValueCommand)
  .resolves({ SecretString: JSON.stringify(keys) });

let database: Database;
let contactId: string;
beforeAll(async () => {
  database = await startDatabase();
  const body = { properties: { email: 'v@example.co.jp', lastname: '佐藤' } };
  const made = await call(createContact, { headers: bearer(), path: { objectType: 'contacts' }, body });
  contactId = (made.body as { id: string }).id;
});
afterAll(() => database.close());

const hostile =
  '<p style="color:red" onclick="x()">{{ contact | honorific }}</p><script>alert(1)</script><img src="http://a/b.png"><img src="https://a/b.png">' +
  '<a href="javascript:x()">a</a><a href="{{ unsubscribe_link }}">停止</a><form action="/"><input name="a"></form><iframe src="https://a"></iframe>';

async function stored(id: string, webversion = {}) {
  const email = newEmail({ name: 'x', webversion }, { now: database.app.now(), by: 'test', id });
  await createEmail(database.app, {
    ...email,
    ready: { subject: '春 <特集>', html: hostile, text: '' },
    state: 'PUBLISHED',
  });
  const url = await viewUrlOf({ emailId: id, contactId }, database.app.now());
  return url.slice(url.indexOf('/v/') + 3);
}
const open = (token: string) => call(show, { method: 'GET', path: { token } });

test('the web version shows the mail as its reader got it, and nothing in it can run', async () => {
  const { status, text, headers } = await open(await stored('1'));
  expect(status).toBe(200);
  expect(text).toContain('<p style="color:red">佐藤 様</p>');
  expect(text).toContain('<img src="https://a/b.png" />');
  expect(text).not.toMatch(/script|onclick|javascript|<form|<input|iframe|http:\/\/a/);
  expect(text).toContain('<title>春 &lt;特集&gt;</title>');
  expect(headers['content-security-policy']).toMatch(/default-src 'none'.*sandbox allow-popups/);
});

test('a link that is forged, of another purpose, or of a mail without a page shows nothing', async () => {
  expect((await open('x.y.z')).status).toBe(404);
  expect((await open(await stored('2', { enabled: false }))).status).toBe(404);
  const over = { pageExpiryEnabled: true, expiresAt: '2020-01-01T00:00:00Z' };
  expect((await open(await stored('3', over))).status).toBe(404);
});
