import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stand, startStand } from './stand.ts';

const mappings = [
  { objectType: 'contacts', property: 'lastname', salesforceField: 'LastName', rule: 'two_way' },
  { objectType: 'contacts', property: 'firstname', salesforceField: 'FirstName', rule: 'two_way' },
  { objectType: 'contacts', property: 'email', salesforceField: 'Email', rule: 'two_way' },
  { objectType: 'contacts', property: 'phone', salesforceField: 'Phone', rule: 'two_way' },
  { objectType: 'contacts', property: 'jobtitle', salesforceField: 'Title', rule: 'always_salesforce' },
  { objectType: 'contacts', property: 'mobilephone', salesforceField: 'MobilePhone', rule: 'none' },
  { objectType: 'contacts', property: 'company', salesforceField: 'Company', rule: 'prefer_salesforce' },
  { objectType: 'contacts', property: 'message', salesforceField: 'Description', rule: 'two_way' },
];

let stand: Stand;
beforeAll(async () => {
  stand = await startStand();
  await stand.connect();
  const put = await stand.api('PUT', '/integrations/v1/salesforce/field-mappings', mappings);
  expect([put.status, put.body]).toEqual([200, mappings.map((mapping) => ({ ...mapping, objectType: '0-1' }))]);
  await stand.sync();
});
afterAll(() => stand?.stop());

const leadOf = async (email: string) => (await stand.sf.where('Lead', `Email = '${email}'`))[0] ?? { Id: '' };

async function pair(email: string, properties: Record<string, string> = {}) {
  const id = await stand.create({ email, lastname: '両', ...properties });
  await stand.sync();
  return { id, lead: await leadOf(email) };
}

test('two way: what changed last counts, on either side, clearing included', async () => {
  const { id, lead } = await pair('both@example.co.jp', { phone: '1', firstname: '名' });
  await stand.change(id, { phone: '2' });
  await stand.sync();
  expect(await leadOf('both@example.co.jp')).toMatchObject({ Phone: '2' });
  await stand.sf.change('Lead', lead.Id, { Phone: '3', FirstName: null });
  await stand.sync();
  expect(await stand.read(id, ['phone', 'firstname'])).toMatchObject({ phone: '3', firstname: null });
  await stand.change(id, { phone: '' });
  await stand.sync();
  expect(await leadOf('both@example.co.jp')).toMatchObject({ Phone: null });
});

test('edited on both sides at once: each field goes by its own time, and nothing flips back', async () => {
  const { id, lead } = await pair('race@example.co.jp', { phone: '1', firstname: '古' });
  await stand.change(id, { firstname: 'ours' });
  await stand.advance(5000);
  await stand.sf.change('Lead', lead.Id, { Phone: 'theirs', FirstName: 'theirs' });
  await stand.advance(5000);
  await stand.change(id, { phone: 'ours' });
  await stand.sync();
  const both = { phone: 'ours', firstname: 'theirs' };
  expect(await stand.read(id, ['phone', 'firstname'])).toMatchObject(both);
  expect(await leadOf('race@example.co.jp')).toMatchObject({ Phone: 'ours', FirstName: 'theirs' });
  await stand.change(id, { phone: 'a' });
  await stand.change(id, { phone: 'b' });
  await stand.sync();
  await stand.sync();
  expect(await stand.read(id, ['phone'])).toMatchObject({ phone: 'b' });
  expect(await leadOf('race@example.co.jp')).toMatchObject({ Phone: 'b' });
});

test('always Salesforce: an edit of ours is put back, none is sent; "none" is left alone on both sides', async () => {
  const { id, lead } = await pair('always@example.co.jp', { jobtitle: '自称', mobilephone: '090' });
  expect(await leadOf('always@example.co.jp')).toMatchObject({ Title: null, MobilePhone: null });
  await stand.sf.change('Lead', lead.Id, { Title: '正', MobilePhone: '080' });
  await stand.sync();
  expect(await stand.read(id, ['jobtitle', 'mobilephone'])).toMatchObject({ jobtitle: '正', mobilephone: '090' });
  await stand.change(id, { jobtitle: '偽' });
  await stand.sync();
  expect(await stand.read(id, ['jobtitle'])).toMatchObject({ jobtitle: '正' });
  expect(await leadOf('always@example.co.jp')).toMatchObject({ Title: '正' });
});

test('what Salesforce stores in another spelling is no change: nothing is written or sent again', async () => {
  const { id } = await pair('Foo.Bar@Example.co.jp', { firstname: ' 名前 ', message: '一行目\n二行目 ' });
  await stand.sync();
  for (let round = 0; round < 2; round += 1) {
    const run = await stand.sync();
    expect(run).toMatchObject({ pulled: 0, pushed: 0, errors: 0 });
    expect(run.calls).toBeLessThanOrEqual(5);
  }
  expect(await stand.read(id, ['firstname'])).toMatchObject({ firstname: ' 名前 ' });
});

test('a closed task moves the stamp of its lead, and costs no write and no call', async () => {
  const { id, lead } = await pair('task@example.co.jp');
  const before = await stand.api<{ updatedAt: string }>('GET', `/crm/v3/objects/contacts/${id}`);
  await stand.advance(10_000);
  await stand.sf.make('Task', { WhoId: lead.Id, Subject: '電話', Status: 'Completed' });
  const run = await stand.sync();
  expect(run).toMatchObject({ pulled: 0, pushed: 0 });
  expect(run.calls).toBeLessThanOrEqual(5);
  const after = await stand.api<{ updatedAt: string }>('GET', `/crm/v3/objects/contacts/${id}`);
  expect(after.body.updatedAt).toBe(before.body.updatedAt);
});

test('each write says in the log of the record by which rule, and which value lost', async () => {
  const { id, lead } = await pair('why@example.co.jp', { phone: '1' });
  await stand.advance(5000);
  await stand.sf.change('Lead', lead.Id, { Phone: '9' });
  await stand.sync();
  const { results } = await stand.history(id, 'phone');
  expect(results).toEqual([
    { value: '9', sourceType: 'SALESFORCE' },
    { value: '1', sourceType: 'INTEGRATION' },
  ]);
  await stand.change(id, { phone: '7' });
  await stand.sync();
  const log = (await stand.log(id)).slice(-3);
  expect(log.map(({ type }) => type)).toEqual(['record.updated', 'record.updated', 'sync.pushed']);
  expect(log[0]?.detail).toMatchObject({
    actor: { kind: 'salesforce' },
    explain: {
      phone: {
        rule: 'two_way',
        winner: { side: 'salesforce', value: '9' },
        loser: { side: 'tsunagi', value: '1' },
      },
    },
  });
  expect(log[2]?.detail).toMatchObject({
    sobject: 'Lead',
    salesforceId: lead.Id,
    created: false,
    explain: {
      phone: {
        rule: 'two_way',
        winner: { side: 'tsunagi', value: '7' },
        loser: { side: 'salesforce', value: '9' },
      },
    },
  });
});

test('outside the inclusion list nobody is sent; joining it starts the exchange, leaving it stops both directions', async () => {
  const { body: list } = await stand.api<{ list: { listId: string } }>('POST', '/crm/v3/lists', {
    name: '商談に近い人',
    objectTypeId: '0-1',
    processingType: 'MANUAL',
  });
  const { listId } = list.list;
  const member = (act: string, id: string) => stand.api('PUT', `/crm/v3/lists/${listId}/memberships/${act}`, [id]);
  await stand.connect({ inclusionListId: listId });
  const id = await stand.create({ email: 'tofu@example.co.jp', lastname: '資料' });
  await stand.sync();
  expect(await leadOf('tofu@example.co.jp')).toEqual({ Id: '' });
  expect((await member('add', id)).status).toBe(200);
  await stand.sync();
  const lead = await leadOf('tofu@example.co.jp');
  expect(lead).toMatchObject({ LastName: '資料' });
  await member('remove', id);
  await stand.change(id, { phone: '5' });
  await stand.sf.change('Lead', lead.Id, { FirstName: '外' });
  await stand.sync();
  expect(await leadOf('tofu@example.co.jp')).toMatchObject({ Phone: null });
  expect(await stand.read(id, ['firstname'])).toMatchObject({ firstname: null });
  await member('add', id);
  await stand.sync();
  await stand.connect();
  expect(await leadOf('tofu@example.co.jp')).toMatchObject({ Phone: '5' });
  expect(await stand.read(id, ['firstname'])).toMatchObject({ firstname: '外' });
});
