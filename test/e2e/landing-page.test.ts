import type { Client } from '@hubspot/api-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSystem } from '../../cdk/local/local-system.ts';
import { hubspot } from '../support/hubspot.ts';
import { givenLandingPage, type LandingPage, slackPosts, submit, ticketsOf } from '../support/landing-page.ts';
import { testLocal } from '../support/local.ts';
import { expectVerified } from '../support/verified.ts';
import { eventually } from '../support/wait.ts';

let local: LocalSystem;
let client: Client;
let page: LandingPage;
beforeAll(async () => {
  local = await testLocal();
  client = hubspot(local);
  page = await givenLandingPage(local, client);
});
afterAll(() => local?.stop());

const admin = (path: string, body?: unknown, method = 'POST') =>
  fetch(`${local.localUrl}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const visitor = (email: string) => ({
  email,
  lastname: '田中',
  firstname: '太郎',
  advertiser_id: ' Ｓ００００００１２３４５６７８ ',
  message: 'タグについて',
});
const storyOf = async (email: string) => {
  const tickets = (await ticketsOf(client, page)).filter(
    ({ properties }) => properties.subject === `お問い合わせ ${email}`,
  );
  const posts = (await slackPosts(local)).filter((post) => JSON.stringify(post).includes(email));
  return { tickets, posts };
};

test('a submission makes the ticket, its associations, its owner and the Slack post within two seconds', async () => {
  const email = 'tanaka@example.co.jp';
  const started = performance.now();
  const { status, headers, body } = await submit(local, page, visitor(email));
  expect({ status, body }).toEqual({
    status: 200,
    body: expect.objectContaining({ inlineMessage: expect.stringContaining('ありがとうございました') }),
  });
  expect(headers.get('access-control-allow-origin')).toBeTruthy();

  const [ticket] = await eventually('the ticket and the post', async () => {
    const { tickets, posts } = await storyOf(email);
    return tickets.length === 1 && posts.length === 1 && tickets;
  });
  expect(performance.now() - started).toBeLessThan(2000);

  const contact = await client.crm.contacts.basicApi.getById(
    email,
    ['lastname'],
    undefined,
    ['tickets'],
    false,
    'email',
  );
  expect(contact.properties.lastname).toBe('田中');
  expect(contact.associations?.tickets?.results.map(({ id }) => id)).toContain(ticket?.id);
  const { v4 } = client.crm.associations;
  const deals = await v4.basicApi.getPage('tickets', ticket?.id ?? '', 'deals');
  expect(deals.results.map(({ toObjectId }) => toObjectId)).toEqual([page.dealId]);
  expect(page.ownerIds).toContain(ticket?.properties.hubspot_owner_id);
});

test('a browser may post from a page on any origin', async () => {
  const preflight = await fetch(
    `${local.publicUrl}/submissions/v3/integration/submit/${local.portalId}/${page.formId}`,
    {
      method: 'OPTIONS',
      headers: {
        origin: 'https://lp.example.co.jp',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    },
  );
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toMatch(/^(\*|https:\/\/lp\.example\.co\.jp)$/);
  expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
  expect(preflight.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('content-type');
});

test('owners take turns', async () => {
  const emails = ['a1@example.co.jp', 'a2@example.co.jp', 'a3@example.co.jp', 'a4@example.co.jp'];
  for (const email of emails) await submit(local, page, visitor(email));
  await admin('/idle');
  const owners = (await Promise.all(emails.map(storyOf))).flatMap(({ tickets }) =>
    tickets.map(({ properties }) => properties.hubspot_owner_id),
  );
  expect(page.ownerIds.map((id) => owners.filter((owner) => owner === id).length)).toEqual([2, 2]);
});

test('a double submit makes one ticket and one post', async () => {
  const email = 'double@example.co.jp';
  const answers = await Promise.all([
    submit(local, page, visitor(email)),
    submit(local, page, visitor(email)),
    submit(local, page, visitor(email)),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  await admin('/idle');
  const { tickets, posts } = await storyOf(email);
  expect([tickets.length, posts.length]).toEqual([1, 1]);
});

test('every message delivered twice and out of order still makes one ticket and one post each', async () => {
  for (const service of ['dynamodb', 'events', 'sqs']) {
    await admin('/faults', { service, kind: 'duplicate', rate: 1 });
    await admin('/faults', { service, kind: 'reorder', rate: 1 });
  }
  const emails = Array.from({ length: 6 }, (_, n) => `twice${n}@example.co.jp`);
  await Promise.all(emails.map((email) => submit(local, page, visitor(email))));
  await admin('/idle');
  await admin('/faults', undefined, 'DELETE');
  for (const email of emails) {
    const { tickets, posts } = await storyOf(email);
    expect([email, tickets.length, posts.length]).toEqual([email, 1, 1]);
  }
});

test('the hosted page works without JavaScript', async () => {
  const url = `${local.publicUrl}/f/${page.formId}`;
  const shown = await fetch(url, { headers: { 'accept-language': 'ja' } });
  const html = await shown.text();
  expect(shown.status).toBe(200);
  expect(html).toContain('メールアドレス');
  expect(html).not.toMatch(/<script(?![^>]*src)/);

  const attribute = (tag: string, name: string) => new RegExp(`${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
  const hidden = [...html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([tag]): [string, string] => [
    attribute(tag, 'name'),
    attribute(tag, 'value'),
  ]);
  const body = new URLSearchParams([...hidden, ...Object.entries(visitor('page@example.co.jp'))]);
  // Nobody fills a page in within two seconds; the form takes it from a person who does.
  let sent = new Response();
  await eventually('the time trap', async () => {
    sent = await fetch(url, { method: 'POST', body, redirect: 'manual' });
    return sent.status === 303;
  });
  await admin('/idle');
  const { tickets, posts } = await storyOf('page@example.co.jp');
  expect([tickets.length, posts.length]).toEqual([1, 1]);
});

test('a bad submission names every problem and changes nothing', async () => {
  const { status, body } = await submit(local, page, { email: 'not an address', shoe_size: '26', lastname: '無効' });
  expect(status).toBe(400);
  expect((body.errors as { errorType: string }[]).map(({ errorType }) => errorType).sort()).toEqual([
    'FIELD_NOT_IN_FORM_DEFINITION',
    'INVALID_EMAIL',
  ]);
  const contacts = await client.crm.contacts.getAll(100, undefined, ['lastname']);
  expect(contacts.filter(({ properties }) => properties.lastname === '無効')).toEqual([]);
});

test('the table agrees with itself at the end', () => expectVerified(local));
