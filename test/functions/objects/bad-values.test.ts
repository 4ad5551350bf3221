import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handler as batchDefault } from '../../../functions/associations/batch-associate-default.ts';
import { handler as batchAssociate } from '../../../functions/associations/batch-create.ts';
import { handler as batchNamed } from '../../../functions/associations/batch-create-named.ts';
import { handler as associate } from '../../../functions/associations/set.ts';
import { handler as associateDefault } from '../../../functions/associations/set-default.ts';
import { handler as associateNamed } from '../../../functions/associations/set-named.ts';
import { handler as archive } from '../../../functions/objects/archive.ts';
import { handler as batchCreate } from '../../../functions/objects/batch-create.ts';
import { handler as batchRead } from '../../../functions/objects/batch-read.ts';
import { handler as batchUpdate } from '../../../functions/objects/batch-update.ts';
import { handler as batchUpsert } from '../../../functions/objects/batch-upsert.ts';
import { handler as create } from '../../../functions/objects/create.ts';
import { handler as get } from '../../../functions/objects/get.ts';
import { handler as update } from '../../../functions/objects/update.ts';
import { type Answer, call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

let database: Database;
const made: Record<'contact' | 'other' | 'company' | 'archived' | 'archivedCompany', string> = {
  contact: '',
  other: '',
  company: '',
  archived: '',
  archivedCompany: '',
};
const ask = (handler: unknown, given: object) => call(handler, { headers: bearer(), ...given });
const recordOf = async (objectType: string, properties: object) => {
  const answer = await ask(create, { path: { objectType }, body: { properties } });
  return (answer.body as { id: string }).id;
};

beforeAll(async () => {
  database = await startDatabase();
  made.contact = await recordOf('contacts', { email: 'a@example.co.jp' });
  made.other = await recordOf('contacts', { email: 'b@example.co.jp' });
  made.archived = await recordOf('contacts', { email: 'c@example.co.jp' });
  made.company = await recordOf('companies', { name: '電通' });
  made.archivedCompany = await recordOf('companies', { name: '旧社' });
  await ask(archive, { path: { objectType: 'contacts', objectId: made.archived } });
  await ask(archive, { path: { objectType: 'companies', objectId: made.archivedCompany } });
});
afterAll(() => database.close());

type Properties = Readonly<Record<string, unknown>>;

/** Every way to write properties of a contact that is there or, for the first two, of a new one. */
const writers: Readonly<Record<string, (properties: Properties) => Promise<Answer>>> = {
  create: (properties) => ask(create, { path: { objectType: 'contacts' }, body: { properties } }),
  'batch create': (properties) =>
    ask(batchCreate, { path: { objectType: 'contacts' }, body: { inputs: [{ properties }] } }),
  update: (properties) => ask(update, { path: { objectType: 'contacts', objectId: made.other }, body: { properties } }),
  'batch update': (properties) =>
    ask(batchUpdate, { path: { objectType: 'contacts' }, body: { inputs: [{ id: made.other, properties }] } }),
  'batch upsert': (properties) =>
    ask(batchUpsert, {
      path: { objectType: 'contacts' },
      body: { inputs: [{ id: 'b@example.co.jp', idProperty: 'email', properties }] },
    }),
};

const codesIn = ({ body }: Answer): string[] => {
  const { errors = [], category } = body as {
    category: string;
    errors?: { code?: string; category?: string; errors?: { code?: string }[] }[];
  };
  const codes = errors.flatMap((error) => [
    error.code,
    error.category,
    ...(error.errors ?? []).map(({ code }) => code),
  ]);
  return [category, ...codes].flatMap((code) => code ?? []);
};

describe.each(Object.entries(writers))('%s', (_, write) => {
  test.each<[string, Properties, string]>([
    ['an unknown property', { shoe_size: '43' }, 'PROPERTY_DOESNT_EXIST'],
    ['a read-only property', { hs_object_id: '7' }, 'READ_ONLY_VALUE'],
    ['a value of another type', { associatedcompanyid: 'many' }, 'INVALID_INTEGER'],
    ['a date that is none', { date_of_birth: '2026-02-30' }, 'INVALID_LONG'],
    ['an option that there is not', { lifecyclestage: 'pharaoh' }, 'INVALID_OPTION'],
    ['an address that is none', { email: 'a@' }, 'INVALID_EMAIL'],
    ['a value that is too long', { jobtitle: 'あ'.repeat(65_537) }, 'VALUE_TOO_LONG'],
  ])('refuses %s', async (_name, properties, code) => {
    const answer = await write(properties);
    expect([400, 207]).toContain(answer.status);
    expect(codesIn(answer)).toContain(code);
  });

  test('refuses a value that another record has, and says whose it is', async () => {
    const answer = await write({ email: 'a@example.co.jp' });
    expect([409, 207]).toContain(answer.status);
    expect(codesIn(answer)).toContain('CONFLICT');
    expect(answer.text).toContain(made.contact);
  });
});

test('what a new record of a type must have is named', async () => {
  const company = await ask(create, { path: { objectType: 'companies' }, body: { properties: { city: '東京' } } });
  expect(codesIn(company)).toContain('MISSING_REQUIRED_PROPERTY');
  const note = await ask(batchCreate, {
    path: { objectType: 'notes' },
    body: { inputs: [{ properties: { hs_note_body: 'x' } }] },
  });
  expect(codesIn(note)).toContain('MISSING_REQUIRED_PROPERTY');
});

describe.each(['company', 'archived'] as const)('the id of a record that is %s is none of a contact', (which) => {
  test('to read or change', async () => {
    const path = { objectType: 'contacts', objectId: made[which] };
    expect((await ask(get, { path })).status).toBe(404);
    expect((await ask(update, { path, body: { properties: { jobtitle: 'x' } } })).status).toBe(404);
    const inputs = [{ id: made[which] }];
    expect(await ask(batchRead, { path, body: { inputs, properties: [] } })).toMatchObject({
      status: 207,
      body: { errors: [{ category: 'OBJECT_NOT_FOUND', context: { ids: [made[which]] } }] },
    });
    const changes = [{ id: made[which], properties: { jobtitle: 'x' } }];
    expect((await ask(batchUpdate, { path, body: { inputs: changes } })).status).toBe(207);
  });
});

const pairPath = (objectId: string, toObjectId: string) => ({
  objectType: 'contacts',
  objectId,
  toObjectType: 'companies',
  toObjectId,
});
const typesPath = { fromObjectType: 'contacts', toObjectType: 'companies' };
const pair = (from: string, to: string) => ({ from: { id: from }, to: { id: to } });

/** Every way to associate a contact with a company. */
const associators: Readonly<Record<string, (from: string, to: string) => Promise<Answer>>> = {
  set: (from, to) => ask(associate, { path: pairPath(from, to), body: [] }),
  'set default': (from, to) => ask(associateDefault, { path: pairPath(from, to) }),
  'set named': (from, to) => ask(associateNamed, { path: { ...pairPath(from, to), associationType: '279' } }),
  batch: (from, to) => ask(batchAssociate, { path: typesPath, body: { inputs: [{ ...pair(from, to), types: [] }] } }),
  'batch default': (from, to) => ask(batchDefault, { path: typesPath, body: { inputs: [pair(from, to)] } }),
  'batch named': (from, to) =>
    ask(batchNamed, { path: typesPath, body: { inputs: [{ ...pair(from, to), type: 'contact_to_company' }] } }),
  'with a new record': (_from, to) =>
    ask(create, {
      path: { objectType: 'contacts' },
      body: {
        properties: { lastname: '佐藤' },
        associations: [{ to: { id: to }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 279 }] }],
      },
    }),
};

describe.each(Object.entries(associators))('an association by %s', (name, write) => {
  test.each<[string, () => [string, string]]>([
    ['to a record of another type', () => [made.contact, made.other]],
    ['to an archived record', () => [made.contact, made.archivedCompany]],
    ['to nothing', () => [made.contact, '1']],
    ...(name === 'with a new record'
      ? []
      : ([
          ['from a record of another type', () => [made.company, made.company]],
          ['from an archived record', () => [made.archived, made.company]],
        ] as [string, () => [string, string]][])),
  ])('%s is refused', async (_name, ids) => {
    const answer = await write(...ids());
    if (answer.status === 207 || name === 'batch default') {
      expect(codesIn(answer), answer.text).toContain('OBJECT_NOT_FOUND');
      return;
    }
    expect([400, 404], answer.text).toContain(answer.status);
  });
});

test.each([
  ['objects to create', batchCreate, { objectType: 'contacts' }, 101, { properties: {} }],
  ['objects to change', batchUpdate, { objectType: 'contacts' }, 101, { id: '1', properties: {} }],
  ['objects to read', batchRead, { objectType: 'contacts' }, 101, { id: '1' }],
  ['pairs', batchAssociate, typesPath, 2001, { ...pair('1', '2'), types: [] }],
])('more %s than a batch takes are refused with the number', async (_, handler, path, count, input) => {
  const answer = await ask(handler, {
    path,
    body: { inputs: Array.from({ length: count }, () => input), properties: [] },
  });
  expect(answer.status).toBe(400);
  expect(answer.text).toContain(`takes at most ${count - 1} inputs`);
});

test('feedback submissions are read only for clients, as at HubSpot', async () => {
  const path = { objectType: 'feedback_submissions' };
  expect((await ask(create, { path, body: { properties: { hs_survey_name: 'NPS' } } })).status).toBe(400);
});
