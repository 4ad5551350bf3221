import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeHome, type Started, scratchHome, startSystem } from '../bench/system.ts';
import { enquiry, formBody } from '../support/forms.ts';
import { submit } from '../support/landing-page.ts';
import { type Salesforce, salesforceOn } from '../support/salesforce.ts';
import { expectVerified } from '../support/verified.ts';
import { eventually } from '../support/wait.ts';

/** The whole system beside a Salesforce org: one person's way from a form to a won opportunity, and what goes wrong on it. */
const email = 'takahashi@example.co.jp';
const mappings = [
  ['lastname', 'LastName', 'two_way'],
  ['firstname', 'FirstName', 'two_way'],
  ['email', 'Email', 'two_way'],
  ['jobtitle', 'Title', 'two_way'],
  ['phone', 'Phone', 'prefer_salesforce'],
  ['company', 'Company', 'prefer_salesforce'],
].map(([property, salesforceField, rule]) => ({ objectType: '0-1', property, salesforceField, rule }));

const home = scratchHome();
let system: Started;
let salesforce: Salesforce;
let formId: string;
let contactId = '';
let leadId = '';

beforeAll(async () => {
  system = await startSystem(home);
  salesforce = salesforceOn(system);
  formId = (await salesforce.api<{ id: string }>('POST', '/marketing/v3/forms', formBody(enquiry))).body.id;
});
afterAll(async () => {
  await system?.stop();
  removeHome(home);
});

const leads = (address: string) => salesforce.sf.where('Lead', `Email = '${address}'`);
const stage = () => salesforce.read(contactId, ['lifecyclestage']);
const logged = async (type: string) => (await salesforce.log(contactId)).filter((event) => event.type === type);

test('an org is connected by its settings, and mappings say what goes with what', async () => {
  expect(await salesforce.api('GET', '/integrations/v1/salesforce/settings')).toMatchObject({ status: 404 });
  const connected = await salesforce.connect();
  expect(connected).toMatchObject({
    status: 200,
    body: { instanceUrl: `${system.localUrl}/salesforce`, auth: { kind: 'client_credentials' } },
  });
  expect(JSON.stringify(connected.body)).not.toContain('clientSecret');
  const path = '/integrations/v1/salesforce/field-mappings';
  expect(await salesforce.api('PUT', path, mappings)).toMatchObject({ status: 200, body: mappings });
  await salesforce.idle();
});

test('who sends a form is a lead a moment later, without a run and only once', async () => {
  const values = { email, lastname: '高橋', firstname: '誠', message: 'タグについて' };
  for (let times = 0; times < 2; times += 1)
    expect(await submit(system, { formId }, values)).toMatchObject({ status: 200 });
  const made = await eventually('the lead', async () => (await leads(email))[0], 20_000);
  contactId = (await salesforce.find(email)) ?? '';
  leadId = made.Id;
  expect(made).toMatchObject({ LastName: '高橋', FirstName: '誠', Company: '(会社名なし)', Tsunagi_Id__c: contactId });
  expect(await salesforce.sync()).toMatchObject({ status: 'COMPLETED', errors: 0 });
  expect(await leads(email)).toHaveLength(1);
  expect(await logged('sync.pushed')).toMatchObject([{ detail: { salesforceId: leadId, created: true } }]);
});

test('what a person edits in the org is ours after a run, with its source in the history and the reason in the log', async () => {
  await salesforce.sf.change('Lead', leadId, { Title: '課長', Company: '高橋商店' });
  expect(await salesforce.sync()).toMatchObject({ pulled: 1, errors: 0 });
  expect(await salesforce.read(contactId, ['jobtitle', 'company'])).toMatchObject({
    jobtitle: '課長',
    company: '高橋商店',
  });
  expect(await salesforce.history(contactId, 'jobtitle')).toEqual({
    results: [{ value: '課長', sourceType: 'SALESFORCE' }],
  });
  expect((await logged('record.updated')).at(-1)?.detail.explain).toMatchObject({
    jobtitle: {
      rule: 'two_way',
      winner: { side: 'salesforce', value: '課長' },
      loser: { side: 'tsunagi', value: null },
    },
    company: { rule: 'prefer_salesforce', winner: { side: 'salesforce', value: '高橋商店' } },
  });
});

test('what is edited here is there after a run, with the reason in the log, and does not come back', async () => {
  await salesforce.change(contactId, { jobtitle: '部長', phone: '03-0000-0001', company: '別の会社' });
  expect(await salesforce.sync()).toMatchObject({ pushed: 1, errors: 0 });
  // A value that the org has already is left alone where Salesforce is preferred, and is ours again.
  expect(await leads(email)).toMatchObject([{ Title: '部長', Phone: '03-0000-0001', Company: '高橋商店' }]);
  expect(await salesforce.read(contactId, ['company'])).toMatchObject({ company: '高橋商店' });
  expect((await logged('sync.pushed')).at(-1)?.detail).toMatchObject({
    created: false,
    explain: {
      jobtitle: {
        rule: 'two_way',
        winner: { side: 'tsunagi', value: '部長' },
        loser: { side: 'salesforce', value: '課長' },
      },
    },
  });
  const [before, lead] = [await salesforce.log(contactId), await leads(email)];
  const idle = await salesforce.sync();
  expect(idle).toMatchObject({ status: 'COMPLETED', pulled: 0, pushed: 0, errors: 0 });
  expect(idle.calls).toBeLessThanOrEqual(10);
  expect(await salesforce.log(contactId)).toEqual(before);
  expect(await leads(email)).toEqual(lead);
});

test('a conversion with an opportunity makes an opportunity of the contact, a won one a customer, and nothing leads back', async () => {
  const { body: made } = await salesforce.org.admin<{ contactId: string; opportunityId: string }>(
    'POST',
    `/leads/${leadId}/convert`,
    { createOpportunity: true },
  );
  await salesforce.sync();
  expect(await stage()).toMatchObject({ lifecyclestage: 'opportunity' });
  expect(await salesforce.sf.get('Contact', made.contactId)).toMatchObject({ Tsunagi_Id__c: contactId });
  await salesforce.sf.change('Opportunity', made.opportunityId, { StageName: 'Closed Won' });
  await salesforce.sync();
  expect(await stage()).toMatchObject({ lifecyclestage: 'customer' });
  for (const StageName of ['Prospecting', 'Closed Lost']) {
    await salesforce.sf.change('Opportunity', made.opportunityId, { StageName });
    await salesforce.sync();
    expect(await stage()).toMatchObject({ lifecyclestage: 'customer' });
  }
  await salesforce.change(contactId, { jobtitle: '取締役' });
  await salesforce.sync();
  expect(await salesforce.sf.get('Contact', made.contactId)).toMatchObject({ Title: '取締役' });
  expect(await salesforce.errors()).toEqual([]);
});

test('a row that the org refuses is shown with its category and reason, and is gone when a retry succeeds', async () => {
  const refused = 'refused@example.co.jp';
  await salesforce.trouble({ kind: 'INVALID', emails: [refused] });
  const id = await salesforce.create({ email: refused, lastname: '入力規則' });
  expect(await salesforce.sync()).toMatchObject({ status: 'COMPLETED', errors: 1 });
  const [error, ...others] = await salesforce.errors('?category=CUSTOM_CODE');
  expect(error).toMatchObject({ code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', recordId: id, attempts: 1 });
  expect([others, await leads(refused)]).toEqual([[], []]);
  await salesforce.calm();
  expect(await salesforce.retry(error?.id ?? '')).toMatchObject({ status: 202 });
  await eventually('the lead', async () => (await leads(refused)).length === 1, 20_000);
  await salesforce.idle();
  expect(await salesforce.errors()).toEqual([]);
});

test('the table agrees with itself at the end', () => expectVerified(system));
