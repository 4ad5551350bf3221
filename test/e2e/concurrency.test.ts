import type { Client } from '@hubspot/api-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSystem } from '../../cdk/local/local-system.ts';
import { hubspot, refusalOf } from '../support/hubspot.ts';
import { api } from '../support/landing-page.ts';
import { testLocal } from '../support/local.ts';
import { expectVerified } from '../support/verified.ts';

let local: LocalSystem;
let client: Client;
beforeAll(async () => {
  local = await testLocal();
  client = hubspot(local);
});
afterAll(() => local?.stop());

const twenty = Array.from({ length: 20 }, (_, n) => n);

test('twenty writers on one record all succeed, and no field is lost', async () => {
  await Promise.all(
    twenty.map((n) =>
      api(local, 'POST', '/crm/v3/properties/contacts', {
        name: `field_${n}`,
        label: `${n}`,
        type: 'string',
        fieldType: 'text',
        groupName: 'contactinformation',
      }),
    ),
  );
  const { id } = await client.crm.contacts.basicApi.create({ properties: { lastname: '競合' }, associations: [] });

  await Promise.all(
    twenty.map((n) => client.crm.contacts.basicApi.update(id, { properties: { [`field_${n}`]: `value ${n}` } })),
  );

  const names = twenty.map((n) => `field_${n}`);
  const { properties } = await client.crm.contacts.basicApi.getById(id, names);
  expect(names.map((name) => properties[name])).toEqual(twenty.map((n) => `value ${n}`));
});

test('of twenty creators of one e-mail one succeeds, and nineteen are told its id', async () => {
  const create = () =>
    client.crm.contacts.basicApi.create({ properties: { email: 'one@example.co.jp' }, associations: [] });
  const outcomes = await Promise.allSettled(twenty.map(create));
  const made = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.id] : []));
  expect(made).toHaveLength(1);
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') continue;
    const { code, body } = await refusalOf(Promise.reject(outcome.reason));
    expect([code, body.message]).toEqual([409, `Contact already exists. Existing ID: ${made[0]}`]);
  }
});

test('twenty upserts of one e-mail at once make one contact', async () => {
  const upsert = (n: number) =>
    client.crm.contacts.batchApi.upsert({
      inputs: [
        { id: 'up@example.co.jp', idProperty: 'email', properties: { email: 'up@example.co.jp', jobtitle: `${n}` } },
      ],
    });
  const answers = await Promise.all(twenty.map(upsert));
  expect(new Set(answers.flatMap(({ results }) => results.map(({ id }) => id))).size).toBe(1);
});

test('a change that is too large is refused whole', async () => {
  await Promise.all(
    twenty.slice(0, 8).map((n) =>
      api(local, 'POST', '/crm/v3/properties/contacts', {
        name: `long_${n}`,
        label: `${n}`,
        type: 'string',
        fieldType: 'textarea',
        groupName: 'contactinformation',
      }),
    ),
  );
  const large = Object.fromEntries(twenty.slice(0, 8).map((n) => [`long_${n}`, 'あ'.repeat(60_000)]));
  const refused = await refusalOf(
    client.crm.contacts.basicApi.create({ properties: { email: 'large@example.co.jp', ...large }, associations: [] }),
  );
  expect([refused.code, refused.body.category]).toEqual([
    expect.toSatisfy((code: number) => code === 400 || code === 413),
    'VALIDATION_ERROR',
  ]);
  expect(
    await refusalOf(
      client.crm.contacts.basicApi.getById('large@example.co.jp', undefined, undefined, undefined, false, 'email'),
    ),
  ).toMatchObject({ code: 404 });
  const again = await client.crm.contacts.basicApi.create({
    properties: { email: 'large@example.co.jp' },
    associations: [],
  });
  expect(again.id).toBeTruthy();
});

test('the table agrees with itself at the end', () => expectVerified(local));
