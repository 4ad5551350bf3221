import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startLocal } from '../../../../cdk/local/local-system.ts';
import { OrgClient } from '../../../support/salesforce-org.ts';
import { tinyStack } from '../../local/tiny-stack.ts';
import { aLead, orgStand } from './stand.ts';

const stand = orgStand();
const byHand = async (type: string, record: Record<string, unknown>) =>
  String((await stand.org.admin('POST', `/records/${type}`, record)).body.id);
const read = async (type: string, id: string) => (await stand.org.admin('GET', `/records/${type}/${id}`)).body;
const page = async (path: string) =>
  await (await fetch(`${stand.org.url}${path}`, { headers: { accept: 'text/html' } })).text();

test('what a person writes carries their name, and the API sees it', async () => {
  const lead = aLead();
  const id = await byHand('Lead', lead);
  const found = await stand.org.query(
    `SELECT Id, LastModifiedBy.Name, Owner.Username FROM Lead WHERE Email = '${lead.Email}'`,
  );
  expect(found.body.records).toMatchObject([
    { Id: id, LastModifiedBy: { Name: '花子 佐藤' }, Owner: { Username: 'sato.hanako@example.co.jp' } },
  ]);
  await stand.org.admin('PATCH', `/records/Lead/${id}?as=suzuki.ichiro@example.co.jp`, { Title: '部長' });
  expect(await read('Lead', id)).toMatchObject({ Title: '部長' });
  expect(
    (await stand.org.admin('GET', `/records/Lead?where=${encodeURIComponent(`Email = '${lead.Email}'`)}`)).body,
  ).toMatchObject({ results: [{ Id: id }] });
  expect((await stand.org.admin('DELETE', `/records/Lead/${id}`)).status).toBe(200);
  expect((await stand.org.admin('POST', `/records/Lead/${id}/restore`)).status).toBe(200);
  expect(await read('Lead', id)).toMatchObject({ IsDeleted: false });
});

test('a write may be seen seconds after its stamp', async () => {
  const lead = aLead();
  const before = Date.now();
  const { body } = await stand.org.admin('POST', '/records/Lead?agoMs=3000', lead);
  const { SystemModstamp } = await read('Lead', String(body.id));
  expect(Date.parse(String(SystemModstamp).replace('+0000', 'Z'))).toBeLessThan(before - 1900);
});

test('many records are all made or none of them', async () => {
  const [first, second] = [aLead(), aLead()];
  const refused = await stand.org.admin('POST', '/records/Lead', [first, { LastName: 'x' }]);
  expect(refused).toMatchObject({
    status: 400,
    body: [{ errorCode: 'REQUIRED_FIELD_MISSING', message: expect.stringContaining('record 1') }],
  });
  expect((await stand.org.query(`SELECT Id FROM Lead WHERE Email = '${first.Email}'`)).body.totalSize).toBe(0);
  const made = await stand.org.admin<{ ids: string[] }>('POST', '/records/Lead', [first, second]);
  expect(made.body.ids).toHaveLength(2);
});

test('a lead is converted into account, contact and opportunity, and is read-only from then on', async () => {
  const lead = aLead({ Tsunagi_Id__c: 'convert-1', Phone: '03-0000-0000' });
  const id = await byHand('Lead', lead);
  const task = await byHand('Task', { WhoId: id, Subject: '電話' });
  const { body: ids } = await stand.org.admin('POST', `/leads/${id}/convert`, {
    createOpportunity: true,
    accountName: '新しい会社',
  });
  expect(await read('Lead', id)).toMatchObject({
    IsConverted: true,
    Status: 'Closed - Converted',
    ConvertedAccountId: ids.accountId,
    ConvertedContactId: ids.contactId,
    ConvertedOpportunityId: ids.opportunityId,
  });
  expect(await read('Contact', String(ids.contactId))).toMatchObject({
    Email: lead.Email,
    Phone: lead.Phone,
    AccountId: ids.accountId,
    Tsunagi_Id__c: null,
  });
  expect(await read('Account', String(ids.accountId))).toMatchObject({ Name: '新しい会社' });
  expect(await read('Task', task)).toMatchObject({ WhoId: ids.contactId });
  const roles = await stand.org.query(
    `SELECT Id, IsPrimary, Contact.Email, Opportunity.StageName FROM OpportunityContactRole WHERE OpportunityId = '${ids.opportunityId}'`,
  );
  expect(roles.body.records).toMatchObject([
    { IsPrimary: true, Contact: { Email: lead.Email }, Opportunity: { StageName: 'Prospecting' } },
  ]);
  expect(await stand.org.call('PATCH', `/sobjects/Lead/${id}`, { Title: 'x' })).toMatchObject({
    status: 400,
    body: [{ errorCode: 'CANNOT_UPDATE_CONVERTED_LEAD' }],
  });
  expect((await stand.org.admin('POST', `/leads/${id}/convert`)).status).toBe(400);
  expect((await stand.org.query(`SELECT Id FROM Lead WHERE Id = '${id}'`)).body.totalSize).toBe(1);
});

test('the loser of a merge is deleted and names its master, which takes over what hung from it', async () => {
  const [masterId, loserId] = [
    await byHand('Contact', { LastName: 'master' }),
    await byHand('Contact', { LastName: 'loser', Tsunagi_Id__c: 'merge-1' }),
  ];
  const task = await byHand('Task', { WhoId: loserId, Subject: '電話' });
  const merged = await stand.org.admin('POST', '/merge', {
    sobject: 'Contact',
    masterId,
    loserId,
    fields: { Title: '社長' },
  });
  expect(merged.body).toEqual({ masterId, loserId, moved: 1 });
  expect(await read('Contact', masterId)).toMatchObject({ LastName: 'master', Title: '社長' });
  expect(await read('Task', task)).toMatchObject({ WhoId: masterId });
  const gone = await stand.org.query('SELECT Id, MasterRecordId FROM Contact WHERE IsDeleted = true', true);
  expect(gone.body.records).toContainEqual(expect.objectContaining({ Id: loserId, MasterRecordId: masterId }));
  expect((await stand.org.admin('POST', '/merge', { sobject: 'Contact', masterId, loserId })).status).toBe(404);
});

test('a browser sees the org, its records and each of them', async () => {
  const id = await byHand('Lead', aLead({ Company: '<b>太字</b>' }));
  expect(await page('')).toContain('href="/local/salesforce/records/Lead"');
  const list = await page('/records/Lead');
  expect(list).toContain(`href="/local/salesforce/records/Lead/${id}"`);
  expect(list).toContain('&lt;b&gt;');
  const one = await page(`/records/Lead/${id}`);
  expect(one).toContain(`action="/local/salesforce/leads/${id}/convert"`);
  expect(await (await fetch(stand.local.localUrl, { headers: { accept: 'text/html' } })).text()).toContain(
    'href="/local/salesforce"',
  );
  const summary = await stand.org.admin<{ objects: { sobject: string; records: number }[] }>('GET', '');
  expect(summary.body.objects.find(({ sobject }) => sobject === 'User')?.records).toBe(4);
});

test('what a person cannot do is said', async () => {
  expect((await stand.org.admin('GET', '/records/Nothing')).status).toBe(404);
  expect((await stand.org.admin('GET', '/records/Lead/00QTs0zzzzzzzzz')).status).toBe(404);
  expect((await stand.org.admin('POST', '/records/Lead?as=nobody', aLead())).status).toBe(404);
  expect((await stand.org.admin('POST', '/records/Lead', { LastName: 'x' })).status).toBe(400);
  expect((await stand.org.admin('GET', '/records/Lead?where=nonsense')).status).toBe(400);
});

test('the org survives a restart, with its sessions', async () => {
  const home = mkdtempSync(join(tmpdir(), 'org-'));
  const stacks = [await tinyStack()];
  const first = await startLocal({ stacks, home });
  const org = new OrgClient(first);
  await org.login();
  const { body } = await org.call('POST', '/sobjects/Lead', aLead());
  await org.admin('PUT', '/org', { sessionSeconds: 100 });
  await first.stop();
  const second = await startLocal({ stacks, home, port: Number(new URL(first.apiUrl).port) });
  expect((await org.call('GET', `/sobjects/Lead/${body.id}`)).status).toBe(200);
  expect((await org.admin('GET', '/org')).body).toMatchObject({ sessionSeconds: 100 });
  expect((await org.call('POST', '/sobjects/Lead', aLead())).body.id).not.toBe(body.id);
  await second.stop();
});
