import { afterAll, beforeAll, expect, test } from 'vitest';
import { enquiry, formBody } from '../../support/forms.ts';
import { type Stand, startStand } from './stand.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await startStand();
  expect((await stand.connect()).status).toBe(200);
  await stand.sync();
});
afterAll(() => stand?.stop());

const leadsOf = (email: string) => stand.sf.where('Lead', `Email = '${email}'`);

test('someone who sends a form becomes a lead without waiting for a run, and only once', async () => {
  const { body: form } = await stand.api<{ id: string }>('POST', '/marketing/v3/forms', formBody(enquiry));
  const send = () =>
    fetch(`${stand.local.publicUrl}/submissions/v3/integration/submit/${stand.local.portalId}/${form.id}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        fields: [
          { objectTypeId: '0-1', name: 'email', value: 'Form@Example.co.jp' },
          { objectTypeId: '0-1', name: 'lastname', value: '高橋' },
          { objectTypeId: '0-1', name: 'message', value: 'タグについて' },
        ],
      }),
    });
  expect((await send()).status).toBe(200);
  await stand.idle();
  expect(await leadsOf('form@example.co.jp')).toMatchObject([{ LastName: '高橋', Company: '(会社名なし)' }]);
  await send();
  await stand.sync();
  expect(await leadsOf('form@example.co.jp')).toHaveLength(1);
  const id = await stand.find('form@example.co.jp');
  expect(await stand.read(id ?? '', ['company', 'lastname'])).toMatchObject({ company: null, lastname: '高橋' });
});

test('a contact of ours becomes a lead with our id on it, and the next run has nothing to do', async () => {
  const id = await stand.create({ email: 'Ichiro@Example.co.jp', lastname: '鈴木', company: '鈴木商店' });
  expect(await stand.sync()).toMatchObject({ status: 'COMPLETED', pushed: 1, errors: 0 });
  expect(await leadsOf('ichiro@example.co.jp')).toMatchObject([
    { LastName: '鈴木', Company: '鈴木商店', Tsunagi_Id__c: id },
  ]);
  const idle = await stand.sync();
  expect(idle).toMatchObject({ pushed: 0, pulled: 0, errors: 0 });
  expect(idle.calls).toBeLessThanOrEqual(10);
});

test('a name that is missing is stood in for there, and never comes back', async () => {
  const id = await stand.create({ email: 'nameless@example.co.jp' });
  await stand.sync();
  const [lead] = await leadsOf('nameless@example.co.jp');
  expect(lead).toMatchObject({ LastName: 'nameless', Company: '(会社名なし)' });
  await stand.sf.change('Lead', lead?.Id ?? '', { Title: '部長' });
  await stand.sync();
  expect(await stand.read(id, ['lastname', 'company', 'jobtitle'])).toMatchObject({
    lastname: null,
    company: null,
    jobtitle: '部長',
  });
  await stand.change(id, { lastname: '無名' });
  await stand.sync();
  expect(await leadsOf('nameless@example.co.jp')).toMatchObject([{ LastName: '無名' }]);
});

test('a person who is a contact or a lead there already is linked, not made again', async () => {
  const contactId = await stand.sf.make('Contact', { LastName: '既存', Email: 'known.c@example.co.jp', Title: '課長' });
  const leadId = await stand.sf.make('Lead', { LastName: '既存', Company: 'X社', Email: 'known.l@example.co.jp' });
  await stand.connect({ importNew: { leads: false, contacts: false } });
  const skipped = await stand.sync();
  expect(skipped).toMatchObject({ pulled: 0, skipped: 2 });
  const one = await stand.create({ email: ' Known.C@example.co.jp ', phone: '03-0000-0001' });
  const other = await stand.create({ email: 'known.l@example.co.jp', jobtitle: '担当' });
  expect(await stand.sync()).toMatchObject({ errors: 0 });
  await stand.connect();
  expect(await stand.sf.get('Contact', contactId)).toMatchObject({ Tsunagi_Id__c: one, Phone: '03-0000-0001' });
  expect(await stand.sf.get('Lead', leadId)).toMatchObject({ Tsunagi_Id__c: other, Title: '担当' });
  expect(await stand.read(one, ['jobtitle', 'lastname'])).toMatchObject({ jobtitle: '課長', lastname: '既存' });
  expect(await stand.sf.where('Lead', "Email IN ('known.c@example.co.jp')")).toEqual([]);
});

test('people who were made in Salesforce come here; two leads with one address are one contact, and the conflict is shown', async () => {
  await stand.sf.make('Lead', { LastName: '双子', Company: 'A社', Email: 'Twin@example.co.jp' });
  await stand.sync();
  const id = await stand.find('twin@example.co.jp');
  expect(await stand.read(id ?? '', ['lastname', 'company', 'hs_object_source'])).toMatchObject({
    lastname: '双子',
    company: 'A社',
    hs_object_source: 'SALESFORCE',
  });
  const second = await stand.sf.make('Lead', { LastName: '別人', Company: 'B社', Email: 'twin@example.co.jp' });
  await stand.sync();
  expect(await stand.read(id ?? '', ['lastname'])).toMatchObject({ lastname: '双子' });
  expect(await stand.errors('?category=DUPLICATES')).toMatchObject([
    { code: 'SAME_ADDRESS', salesforceId: second, message: expect.stringContaining(id ?? '') },
  ]);
  await stand.sf.remove('Lead', second);
  await stand.sync();
  await stand.retry(second);
  await stand.sync();
  expect(await stand.errors()).toEqual([]);
});

test('an edit in Salesforce comes here with its reason in the log, and an edit here fills only what is blank there', async () => {
  const id = await stand.create({ email: 'prefer@example.co.jp', lastname: '元', company: '元会社' });
  await stand.sync();
  const [lead] = await leadsOf('prefer@example.co.jp');
  await stand.sf.change('Lead', lead?.Id ?? '', { LastName: '先' });
  await stand.change(id, { jobtitle: '係長', company: '別会社' });
  await stand.sync();
  expect(await stand.read(id, ['lastname', 'company', 'jobtitle'])).toMatchObject({
    lastname: '先',
    company: '元会社',
    jobtitle: '係長',
  });
  expect(await leadsOf('prefer@example.co.jp')).toMatchObject([{ LastName: '先', Company: '元会社', Title: '係長' }]);
  await stand.sf.change('Lead', lead?.Id ?? '', { Title: null });
  await stand.sync();
  expect(await stand.read(id, ['jobtitle'])).toMatchObject({ jobtitle: null });
  expect(await stand.sync()).toMatchObject({ pulled: 0, pushed: 0 });
});

test('a conversion moves the link to the contact; open opportunities and won ones move the lifecycle, never back', async () => {
  const id = await stand.create({ email: 'convert@example.co.jp', lastname: '商談' });
  await stand.sync();
  const [lead] = await leadsOf('convert@example.co.jp');
  const { body: made } = await stand.org.admin<{ contactId: string; opportunityId: string }>(
    'POST',
    `/leads/${lead?.Id}/convert`,
    { createOpportunity: true },
  );
  expect(await stand.sync()).toMatchObject({ errors: 0 });
  expect(await stand.read(id, ['lifecyclestage'])).toMatchObject({ lifecyclestage: 'opportunity' });
  expect(await stand.sf.get('Contact', made.contactId)).toMatchObject({ Tsunagi_Id__c: id });
  await stand.sf.change('Opportunity', made.opportunityId, { StageName: 'Closed Won' });
  await stand.sync();
  expect(await stand.read(id, ['lifecyclestage', 'hs_lifecyclestage_customer_date'])).toMatchObject({
    lifecyclestage: 'customer',
    hs_lifecyclestage_customer_date: expect.any(String),
  });
  await stand.sf.change('Opportunity', made.opportunityId, { StageName: 'Prospecting' });
  await stand.sf.change('Contact', made.contactId, { Title: '取締役' });
  await stand.sync();
  expect(await stand.read(id, ['lifecyclestage', 'jobtitle'])).toMatchObject({
    lifecyclestage: 'customer',
    jobtitle: '取締役',
  });
  expect(await stand.errors()).toEqual([]);
});

test('a lead that was deleted there is untied here and not made again; a resync ties it anew', async () => {
  const id = await stand.create({ email: 'deleted@example.co.jp', lastname: '削除' });
  await stand.sync();
  const [lead] = await leadsOf('deleted@example.co.jp');
  await stand.sf.remove('Lead', lead?.Id ?? '');
  await stand.sync();
  await stand.change(id, { jobtitle: '残' });
  await stand.sync();
  expect(await leadsOf('deleted@example.co.jp')).toEqual([]);
  const { status, body } = await stand.api('POST', '/integrations/v1/salesforce/resync', {
    objectType: 'contacts',
    ids: [id],
  });
  expect([status, body]).toEqual([202, { jobId: expect.any(String) }]);
  await stand.idle();
  expect(await leadsOf('deleted@example.co.jp')).toMatchObject([{ Title: '残', Tsunagi_Id__c: id }]);
});

test('with "delete" the record goes to the archive here', async () => {
  await stand.connect({ onSalesforceDelete: 'delete' });
  const id = await stand.create({ email: 'archived@example.co.jp', lastname: '保管' });
  await stand.sync();
  const [lead] = await leadsOf('archived@example.co.jp');
  await stand.sf.remove('Lead', lead?.Id ?? '');
  await stand.sync();
  await stand.connect();
  expect((await stand.api('GET', `/crm/v3/objects/contacts/${id}`)).status).toBe(404);
});

test('of leads that were merged there the link goes to the master', async () => {
  const id = await stand.create({ email: 'loser@example.co.jp', lastname: '統合' });
  await stand.sync();
  const [loser] = await leadsOf('loser@example.co.jp');
  await stand.connect({ importNew: { leads: false, contacts: false } });
  const master = await stand.sf.make('Lead', { LastName: '主', Company: '主社', Email: 'master@example.co.jp' });
  await stand.org.admin('POST', '/merge', { sobject: 'Lead', masterId: master, loserId: loser?.Id });
  await stand.sync();
  await stand.connect();
  expect(await stand.sf.get('Lead', master)).toMatchObject({ Tsunagi_Id__c: id });
  expect(await stand.read(id, ['lastname', 'email'])).toMatchObject({ lastname: '主', email: 'master@example.co.jp' });
});
