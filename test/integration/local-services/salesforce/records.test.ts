import { describe, expect, test } from 'vitest';
import { aLead, orgStand } from './stand.ts';

const stand = orgStand();
const made = async (type: string, record: Record<string, unknown>) => {
  const { status, body } = await stand.org.call('POST', `/sobjects/${type}`, record);
  expect(body).toMatchObject({ success: true, errors: [] });
  expect(status).toBe(201);
  return String(body.id);
};
const read = async (type: string, id: string) => (await stand.org.call('GET', `/sobjects/${type}/${id}`)).body;
const refusal = async (method: string, path: string, body?: unknown) => {
  const answer = await stand.org.call<{ errorCode: string; fields?: string[] }[]>(method, path, body);
  return [answer.status, answer.body[0]?.errorCode, ...(answer.body[0]?.fields ?? [])].join(' ');
};

describe('one record', () => {
  test('is made, read, changed and deleted', async () => {
    const id = await made('Lead', aLead({ FirstName: '健' }));
    expect(id).toMatch(/^00Q\w{15}$/);
    expect(await read('Lead', id)).toMatchObject({
      attributes: { type: 'Lead', url: `/services/data/v63.0/sobjects/Lead/${id}` },
      Status: 'Open - Not Contacted',
      IsConverted: false,
      Name: expect.stringMatching(/^健 田中/),
      OwnerId: expect.stringMatching(/^005/),
      Title: null,
    });
    expect((await stand.org.call('PATCH', `/sobjects/Lead/${id}`, { Title: '課長' })).status).toBe(204);
    const some = await stand.org.call('GET', `/sobjects/Lead/${id.slice(0, 15)}?fields=Title,Owner.Name`);
    expect(some.body).toMatchObject({ Id: id, Title: '課長', Owner: { Name: 'Tsunagi Integration' } });
    expect((await stand.org.call('DELETE', `/sobjects/Lead/${id}`)).status).toBe(204);
    expect(await refusal('GET', `/sobjects/Lead/${id}`)).toBe('404 ENTITY_IS_DELETED');
    expect(await refusal('PATCH', `/sobjects/Lead/${id}`, { Title: 'x' })).toBe('404 ENTITY_IS_DELETED');
    const all = await stand.org.query(`SELECT Id, IsDeleted FROM Lead WHERE Id = '${id}' AND IsDeleted = true`, true);
    expect(all.body).toMatchObject({ totalSize: 1, records: [{ Id: id, IsDeleted: true }] });
    expect((await stand.org.query(`SELECT Id FROM Lead WHERE Id = '${id}'`)).body.totalSize).toBe(0);
  });

  test('is stored trimmed, with its address in lower case and nothing for an empty text', async () => {
    const id = await made('Contact', {
      LastName: '  佐藤 ',
      Email: ' Sato@Example.CO.JP ',
      Title: '',
      Department: '  ',
    });
    expect(await read('Contact', id)).toMatchObject({
      LastName: '佐藤',
      Email: 'sato@example.co.jp',
      Title: null,
      Department: null,
    });
  });

  test.each([
    ['400 REQUIRED_FIELD_MISSING LastName Company', 'Lead', {}],
    ['400 REQUIRED_FIELD_MISSING LastName', 'Contact', { FirstName: '健', LastName: ' ' }],
    ['400 REQUIRED_FIELD_MISSING Name StageName CloseDate', 'Opportunity', {}],
    ['400 STRING_TOO_LONG LastName', 'Contact', { LastName: 'x'.repeat(81) }],
    ['400 INVALID_EMAIL_ADDRESS Email', 'Contact', { LastName: 'x', Email: 'not an address' }],
    ['400 INVALID_FIELD', 'Contact', { LastName: 'x', Nothing__c: 1 }],
    ['400 INVALID_FIELD_FOR_INSERT_UPDATE IsDeleted', 'Contact', { LastName: 'x', IsDeleted: true }],
    ['400 JSON_PARSER_ERROR', 'Contact', { LastName: true }],
    ['400 JSON_PARSER_ERROR', 'Contact', { LastName: 'x', HasOptedOutOfEmail: 'maybe' }],
    ['400 JSON_PARSER_ERROR', 'Contact', { LastName: 'x', Birthdate: '2026-02-30' }],
    ['400 MALFORMED_ID AccountId', 'Contact', { LastName: 'x', AccountId: 'x' }],
    ['400 INVALID_CROSS_REFERENCE_KEY AccountId', 'Contact', { LastName: 'x', AccountId: '001Ts0zzzzzzzzz' }],
    ['400 FIELD_INTEGRITY_EXCEPTION AccountId', 'Contact', { LastName: 'x', AccountId: '003Ts0zzzzzzzzz' }],
    ['404 NOT_FOUND', 'Nothing', {}],
  ])('is refused with %s', async (expected, type, record) => {
    expect(await refusal('POST', `/sobjects/${type}`, record)).toBe(expected);
  });

  test('that is unknown, or a call that is, is not found', async () => {
    expect(await refusal('GET', '/sobjects/Lead/00QTs0zzzzzzzzz')).toBe('404 NOT_FOUND');
    expect(await refusal('GET', '/nothing')).toBe('404 NOT_FOUND');
    expect(await refusal('PUT', '/sobjects/Lead')).toBe('405 METHOD_NOT_ALLOWED');
    expect(await refusal('PATCH', `/sobjects/Lead/${await made('Lead', aLead())}`, { LastName: '' })).toBe(
      '400 REQUIRED_FIELD_MISSING LastName',
    );
  });

  test('has an owner who works there', async () => {
    const { body } = await stand.org.query<{ Username: string; IsActive: boolean }>(
      'SELECT Id, Username, IsActive FROM User',
    );
    const retired = body.records.find(({ IsActive }) => !IsActive);
    expect(await refusal('POST', '/sobjects/Lead', aLead({ OwnerId: retired?.Id }))).toBe(
      '400 INACTIVE_OWNER_OR_USER OwnerId',
    );
  });
});

describe('the outside system’s id', () => {
  test('is unique without regard to case, and free again when its record is deleted', async () => {
    const key = 'Key-1';
    const id = await made('Contact', { LastName: 'x', Tsunagi_Id__c: key });
    expect(await refusal('POST', '/sobjects/Contact', { LastName: 'y', Tsunagi_Id__c: 'KEY-1' })).toBe(
      '400 DUPLICATE_VALUE',
    );
    await made('Lead', aLead({ Tsunagi_Id__c: key }));
    await stand.org.call('DELETE', `/sobjects/Contact/${id}`);
    await made('Contact', { LastName: 'y', Tsunagi_Id__c: key });
  });

  test('is what an upsert goes by', async () => {
    const path = `/sobjects/Lead/Tsunagi_Id__c/${encodeURIComponent('up/1 田')}`;
    const first = await stand.org.call('PATCH', path, aLead());
    expect(first).toMatchObject({ status: 201, body: { success: true, created: true } });
    const again = await stand.org.call('PATCH', path, { Title: '部長' });
    expect(again).toMatchObject({ status: 200, body: { id: first.body.id, created: false } });
    expect((await stand.org.call('GET', path)).body).toMatchObject({ Title: '部長', Tsunagi_Id__c: 'up/1 田' });
    expect(await refusal('PATCH', path, { Tsunagi_Id__c: 'x' })).toBe('400 INVALID_FIELD');
    expect(await refusal('PATCH', '/sobjects/Lead/Title/x', {})).toBe('400 INVALID_FIELD');
  });

  test('that several records share changes none of them', async () => {
    for (const LastName of ['a', 'b']) await made('Contact', { LastName, Legacy_Number__c: '7' });
    const answer = await stand.org.call<string[]>('PATCH', '/sobjects/Contact/Legacy_Number__c/7', { Title: 'x' });
    expect(answer.status).toBe(300);
    expect(answer.body).toHaveLength(2);
    expect(answer.body[0]).toMatch(/^\/services\/data\/v63\.0\/sobjects\/Contact\/003\w{15}$/);
  });

  test('may stand in the place of a reference', async () => {
    const account = await made('Account', { Name: 'みらい', Tsunagi_Id__c: 'acc-1' });
    const id = await made('Contact', { LastName: 'x', Account: { Tsunagi_Id__c: 'acc-1' } });
    expect(await read('Contact', id)).toMatchObject({ AccountId: account });
    expect(await refusal('POST', '/sobjects/Contact', { LastName: 'x', Account: { Tsunagi_Id__c: 'none' } })).toBe(
      '400 INVALID_FIELD',
    );
  });
});

describe('what follows from a write', () => {
  const later = async () => {
    await fetch(`${stand.local.localUrl}/clock`, { method: 'POST', body: JSON.stringify({ advanceMs: 5000 }) });
  };

  test('a write that changes nothing moves the stamps', async () => {
    const id = await made('Lead', aLead());
    const before = await read('Lead', id);
    await later();
    await stand.org.call('PATCH', `/sobjects/Lead/${id}`, { Company: before.Company });
    const after = await read('Lead', id);
    expect(String(after.SystemModstamp) > String(before.SystemModstamp)).toBe(true);
    expect(after.LastModifiedDate).toBe(after.SystemModstamp);
    expect(after.SystemModstamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000$/);
  });

  test('a closed task moves the stamp of its person, who nobody modified; an open one does not', async () => {
    const id = await made('Lead', aLead());
    const before = await read('Lead', id);
    await later();
    const task = await made('Task', { WhoId: id, Subject: '電話', Status: 'In Progress' });
    expect(await read('Lead', id)).toEqual(before);
    await stand.org.call('PATCH', `/sobjects/Task/${task}`, { Status: 'Completed', ActivityDate: '2026-01-31' });
    const after = await read('Lead', id);
    expect(after).toMatchObject({ LastActivityDate: '2026-01-31', LastModifiedDate: before.LastModifiedDate });
    expect(String(after.SystemModstamp) > String(before.SystemModstamp)).toBe(true);
    expect(await refusal('POST', '/sobjects/Task', { WhoId: id, WhatId: await made('Account', { Name: 'x' }) })).toBe(
      '400 FIELD_INTEGRITY_EXCEPTION WhatId',
    );
  });

  test('an opportunity is closed and won by its stage', async () => {
    const id = await made('Opportunity', {
      Name: '広告',
      StageName: 'Prospecting',
      CloseDate: '2026-12-31',
      Amount: 1_000_000,
    });
    expect(await read('Opportunity', id)).toMatchObject({ IsClosed: false, IsWon: false, Probability: 10 });
    await stand.org.call('PATCH', `/sobjects/Opportunity/${id}`, { StageName: 'Closed Won' });
    expect(await read('Opportunity', id)).toMatchObject({
      IsClosed: true,
      IsWon: true,
      Probability: 100,
      Amount: 1_000_000,
    });
  });

  test('a deleted account takes its contacts and opportunities along', async () => {
    const AccountId = await made('Account', { Name: 'x' });
    const contact = await made('Contact', { LastName: 'x', AccountId });
    const role = await made('OpportunityContactRole', {
      ContactId: contact,
      OpportunityId: await made('Opportunity', {
        Name: 'x',
        StageName: 'Prospecting',
        CloseDate: '2026-12-31',
        AccountId,
      }),
    });
    await stand.org.call('DELETE', `/sobjects/Account/${AccountId}`);
    expect(await refusal('GET', `/sobjects/Contact/${contact}`)).toBe('404 ENTITY_IS_DELETED');
    expect(await refusal('GET', `/sobjects/OpportunityContactRole/${role}`)).toBe('404 ENTITY_IS_DELETED');
  });
});

describe('the duplicate rule', () => {
  test('warns with the matches under the key that Salesforce misspelt, unless the request insists', async () => {
    await stand.org.admin('PUT', '/org', { duplicateRule: 'alert' });
    const lead = aLead();
    const id = await made('Lead', lead);
    const refused = await stand.org.call<Record<string, unknown>[]>('POST', '/sobjects/Contact', {
      LastName: 'x',
      Email: lead.Email,
    });
    expect(refused).toMatchObject({
      status: 400,
      body: [
        {
          errorCode: 'DUPLICATES_DETECTED',
          duplicateResut: {
            allowSave: true,
            matchResults: [{ entityType: 'Lead', matchRecords: [{ record: { Id: id } }] }],
          },
        },
      ],
    });
    const insisting = { 'Sforce-Duplicate-Rule-Header': 'allowSave=true' };
    expect((await stand.org.call('POST', '/sobjects/Lead', lead, insisting)).status).toBe(201);
    await stand.org.admin('PUT', '/org', { duplicateRule: 'block' });
    expect((await stand.org.call('POST', '/sobjects/Lead', lead, insisting)).status).toBe(400);
    await stand.org.admin('PUT', '/org', { duplicateRule: 'off' });
    expect((await stand.org.call('POST', '/sobjects/Lead', lead)).status).toBe(201);
  });
});

test('an object describes its fields', async () => {
  const { body } = await stand.org.call<{ fields: Record<string, unknown>[] }>('GET', '/sobjects/Lead/describe');
  const field = (name: string) => body.fields.find((each) => each.name === name);
  expect(field('Tsunagi_Id__c')).toMatchObject({
    type: 'string',
    length: 255,
    externalId: true,
    unique: true,
    custom: true,
  });
  expect(field('LastName')).toMatchObject({ nillable: false, createable: true, updateable: true });
  expect(field('OwnerId')).toMatchObject({ type: 'reference', referenceTo: ['User'], relationshipName: 'Owner' });
  expect(field('Name')).toMatchObject({ calculated: true, createable: false });
  expect(field('Status')).toMatchObject({
    type: 'picklist',
    picklistValues: expect.arrayContaining([
      expect.objectContaining({ value: 'Open - Not Contacted', defaultValue: true }),
    ]),
  });
  const all = await stand.org.call('GET', '/sobjects');
  expect(all.body.sobjects).toEqual(
    expect.arrayContaining([expect.objectContaining({ name: 'Task', keyPrefix: '00T' })]),
  );
});
