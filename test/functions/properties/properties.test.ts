import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { handler as archive } from '../../../functions/properties/archive.ts';
import { handler as archiveGroup } from '../../../functions/properties/archive-group.ts';
import { handler as batchArchive } from '../../../functions/properties/batch-archive.ts';
import { handler as batchCreate } from '../../../functions/properties/batch-create.ts';
import { handler as batchRead } from '../../../functions/properties/batch-read.ts';
import { handler as create } from '../../../functions/properties/create.ts';
import { handler as createGroup } from '../../../functions/properties/create-group.ts';
import { handler as get } from '../../../functions/properties/get.ts';
import { handler as getGroup } from '../../../functions/properties/get-group.ts';
import { handler as list } from '../../../functions/properties/list.ts';
import { handler as listGroups } from '../../../functions/properties/list-groups.ts';
import { handler as update } from '../../../functions/properties/update.ts';
import { handler as updateGroup } from '../../../functions/properties/update-group.ts';
import { forgetDefinitions } from '../../../lib/objects/definition-cache.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());
beforeEach(() => forgetDefinitions());

const run = (handler: unknown, path: Record<string, string>, body?: unknown, query: Record<string, string> = {}) =>
  call(handler, {
    headers: bearer(),
    url: `/crm/v3/properties/${path.objectType}`,
    path,
    query,
    ...(body !== undefined && { body }),
  });
const contacts = { objectType: 'contacts' };
const text = (name: string, more: object = {}) => ({
  name,
  label: name,
  type: 'string',
  fieldType: 'text',
  groupName: 'contactinformation',
  ...more,
});
const named = (propertyName: string, objectType = 'contacts') => ({ objectType, propertyName });

describe('properties', () => {
  test('are created with 201 and their address, and read back', async () => {
    const created = await run(create, contacts, text('program_name'));
    expect(created.status).toBe(201);
    expect(created.headers.location).toBe('https://api.test/crm/v3/properties/contacts/program_name');
    expect(created.body).toMatchObject({ name: 'program_name', hubspotDefined: false, archived: false, options: [] });
    expect(created.body).not.toHaveProperty('indexed');
    expect((await run(get, named('program_name', '0-1'))).body).toEqual(created.body);
    const { body } = await run(list, contacts);
    expect((body as { results: { name: string }[] }).results.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['email', 'program_name']),
    );
  });

  test('of one name are made once', async () => {
    expect((await run(create, contacts, text('once'))).status).toBe(201);
    const again = await run(create, contacts, text('once'));
    expect(again).toMatchObject({
      status: 409,
      body: { category: 'OBJECT_ALREADY_EXISTS', subCategory: 'Properties.PROPERTY_WITH_NAME_EXISTS' },
    });
  });

  test('of one name made by ten at once are made once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => run(create, contacts, text('race'))));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array<number>(9).fill(409)]);
  });

  test('that are not there are a 404 as HubSpot has it', async () => {
    for (const handler of [get, archive]) {
      expect(await run(handler, named('nowhere'))).toMatchObject({
        status: 404,
        body: { status: 'error', category: 'OBJECT_NOT_FOUND' },
      });
    }
    expect(await run(update, named('nowhere'), { label: 'x' })).toMatchObject({ status: 404 });
    expect(await run(list, { objectType: 'spaceships' })).toMatchObject({
      status: 400,
      body: { message: 'Unable to infer object type from: spaceships' },
    });
  });

  test('need a group that is there', async () => {
    expect(await run(create, contacts, text('lost', { groupName: 'nowhere' }))).toMatchObject({
      status: 400,
      body: { category: 'VALIDATION_ERROR' },
    });
  });

  test('keep every change when many people change different things at once', async () => {
    await run(create, contacts, text('shared'));
    const changes = [{ label: 'L' }, { description: 'D' }, { displayOrder: 5 }, { hidden: true }, { formField: true }];
    const answers = await Promise.all(changes.map((change) => run(update, named('shared'), change)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect((await run(get, named('shared'))).body).toMatchObject(Object.assign({}, ...changes));
  });

  test('leave with 204, show up as archived, and come back when made again', async () => {
    await run(create, contacts, text('comeback'));
    expect((await run(archive, named('comeback'))).status).toBe(204);
    expect((await run(archive, named('comeback'))).status).toBe(204);
    expect((await run(get, named('comeback'))).status).toBe(404);
    expect((await run(get, named('comeback'), undefined, { archived: 'true' })).body).toMatchObject({ archived: true });
    expect(await run(create, contacts, text('comeback', { label: 'new' }))).toMatchObject({
      status: 201,
      body: { label: 'new', archived: false },
    });
  });

  test('of HubSpot may be relabelled but not archived, and those of the system not changed', async () => {
    expect((await run(update, named('jobtitle'), { label: '肩書' })).body).toMatchObject({
      label: '肩書',
      hubspotDefined: true,
    });
    expect((await run(get, named('jobtitle'))).body).toMatchObject({ label: '肩書', fieldType: 'text' });
    expect((await run(archive, named('jobtitle'))).status).toBe(400);
    expect((await run(update, named('hs_object_id'), { label: 'x' })).status).toBe(400);
    const options = [
      { label: '問合せ', value: 'inquiry' },
      { label: '新', value: 'new' },
    ];
    await run(update, named('inquiry_type', 'tickets'), { options });
    const { body } = await run(get, named('inquiry_type', 'tickets'));
    expect((body as { options: { value: string }[] }).options.map(({ value }) => value)).toEqual(['inquiry', 'new']);
  });

  test('go in batches, where one refusal does not keep the others out', async () => {
    const made = await run(batchCreate, contacts, { inputs: [text('b1'), text('email'), text('b2')] });
    expect(made).toMatchObject({
      status: 207,
      body: { status: 'COMPLETE', numErrors: 1, results: [{ name: 'b1' }, { name: 'b2' }] },
    });
    expect((await run(batchCreate, contacts, { inputs: [text('b3')] })).status).toBe(201);
    const read = await run(batchRead, contacts, {
      archived: false,
      inputs: [{ name: 'b1' }, { name: 'nowhere' }, { name: 'void' }],
    });
    expect(read).toMatchObject({
      status: 207,
      body: { results: [{ name: 'b1' }], errors: [{ context: { names: ['nowhere', 'void'] } }] },
    });
    expect((await run(batchRead, contacts, { archived: false, inputs: [{ name: 'b1' }] })).status).toBe(200);
    expect((await run(batchArchive, contacts, { inputs: [{ name: 'b1' }, { name: 'nowhere' }] })).status).toBe(204);
    expect((await run(get, named('b1'))).status).toBe(404);
  });
});

describe('property groups', () => {
  const group = (groupName: string) => ({ objectType: 'contacts', groupName });

  test('are made, renamed, listed and archived once they are empty', async () => {
    expect(await run(createGroup, contacts, { name: 'karte', label: '顧客カルテ' })).toMatchObject({
      status: 201,
      body: { displayOrder: -1, archived: false },
    });
    expect((await run(createGroup, contacts, { name: 'karte', label: 'x' })).status).toBe(409);
    expect((await run(updateGroup, group('karte'), { label: 'カルテ' })).body).toMatchObject({ label: 'カルテ' });
    await run(create, contacts, text('in_karte', { groupName: 'karte' }));
    expect(await run(archiveGroup, group('karte'))).toMatchObject({
      status: 400,
      body: { subCategory: 'PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES' },
    });
    await run(archive, named('in_karte'));
    expect((await run(archiveGroup, group('karte'))).status).toBe(204);
    expect((await run(getGroup, group('karte'))).status).toBe(404);
  });

  test('of HubSpot are there', async () => {
    const { body } = await run(listGroups, contacts);
    expect((body as { results: { name: string }[] }).results.map(({ name }) => name)).toContain('contactinformation');
  });
});
