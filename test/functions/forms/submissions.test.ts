import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as archive } from '../../../functions/forms/archive.ts';
import { handler as submit } from '../../../functions/forms/submit.ts';
import { handler as submitSecurely } from '../../../functions/forms/submit-securely.ts';
import { readRecord } from '../../../lib/objects/read-store.ts';
import { createRecord } from '../../../lib/objects/store.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { enquiry, eventsOf, field, givenForm, portal, post, submissionsOf } from '../../support/forms.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

const contactOf = (email: string) => readRecord(database.app, '0-1', { id: email, idProperty: 'email' });
const errorsOf = (answer: { body: unknown }) =>
  (answer.body as { errors: { message: string; errorType: string }[] }).errors;

test('a submission creates the contact, stores what was sent and says so in one event', async () => {
  const formId = await givenForm(enquiry, {
    configuration: { postSubmitAction: { type: 'thank_you', value: 'ありがとうございます' } },
  });
  const context = { pageUri: 'https://lp.example.co.jp/hub?utm=1', pageName: 'ランディングハブ', hutk: 'a'.repeat(32) };
  const answer = await post(
    formId,
    { email: ' Taro@Example.co.jp ', lastname: '山田', message: '一行目\n二行目' },
    { context },
  );
  expect(answer).toMatchObject({ status: 200, body: { inlineMessage: 'ありがとうございます' } });
  const contact = await contactOf('taro@example.co.jp');
  expect(contact?.properties).toMatchObject({
    email: 'taro@example.co.jp',
    lastname: '山田',
    message: '一行目\n二行目',
    hs_object_source: 'FORM',
  });
  const [submission] = await submissionsOf(database, formId);
  expect(submission).toMatchObject({
    contactId: contact?.id,
    context: { pageUri: context.pageUri, hutk: context.hutk },
    ipHash: expect.any(String),
  });
  expect(JSON.stringify(submission)).not.toContain('203.0.113.7');
  const events = await eventsOf(database, contact?.id ?? '', 'form.submitted');
  expect(events).toMatchObject([
    {
      formId,
      submissionId: submission?.submissionId,
      actor: { kind: 'form', id: formId },
      pageUri: context.pageUri,
      recordId: contact?.id,
    },
  ]);
  expect((events[0] as { values: unknown[] }).values).toContainEqual({
    objectTypeId: '0-1',
    name: 'email',
    value: 'taro@example.co.jp',
  });
});

test('a redirect of the form is answered as such', async () => {
  const formId = await givenForm(enquiry, {
    configuration: { postSubmitAction: { type: 'redirect_url', value: 'https://example.com/thanks' } },
  });
  expect((await post(formId, { email: 'redirect@example.com' })).body).toEqual({
    redirectUri: 'https://example.com/thanks',
  });
});

test('a known contact is changed, and blanks empty nothing', async () => {
  const formId = await givenForm();
  const contact = await createRecord(database.app, '0-1', {
    email: 'known@example.com',
    firstname: '花子',
    lastname: '旧姓',
  });
  await post(formId, { email: 'KNOWN@example.com', firstname: '', lastname: '新姓' });
  const after = await contactOf('known@example.com');
  expect(after).toMatchObject({ id: contact.id, properties: { firstname: '花子', lastname: '新姓' } });
});

test('a submission that changes nothing on the contact is still stored and told of', async () => {
  const formId = await givenForm();
  const contact = await createRecord(database.app, '0-1', { email: 'same@example.com' });
  await post(formId, { email: 'same@example.com' });
  expect(await submissionsOf(database, formId)).toHaveLength(1);
  expect(await eventsOf(database, contact.id, 'form.submitted')).toHaveLength(1);
});

test('everything that is wrong is told at once, and nothing is written', async () => {
  const formId = await givenForm([
    ...enquiry,
    field('numemployees', 'dropdown', { options: [{ label: '1-5', value: '1-5', displayOrder: 0 }], required: true }),
    field('jobtitle', 'number', { validation: { minAllowedDigits: 2, maxAllowedDigits: 3 } }),
    field('company', 'number'),
    field('website', 'single_line_text', { required: true }),
  ]);
  const answer = await post(
    formId,
    {
      email: 'not an address',
      shoe_size: '43',
      numemployees: 'many',
      jobtitle: '12345',
      company: 'abc',
      message: 'x'.repeat(65_537),
    },
    { context: { pageUri: 'javascript:alert(1)', hutk: 'short', ipAddress: '999.1.1.1' }, submittedAt: 1_000_000 },
  );
  expect(answer).toMatchObject({
    status: 400,
    body: { status: 'error', message: 'The request is not valid', correlationId: expect.any(String) },
  });
  expect(
    errorsOf(answer)
      .map(({ errorType }) => errorType)
      .sort(),
  ).toEqual([
    'FIELD_NOT_IN_FORM_DEFINITION',
    'INPUT_TOO_LARGE',
    'INVALID_EMAIL',
    'INVALID_HUTK',
    'INVALID_IP_ADDRESS',
    'INVALID_METADATA',
    'INVALID_NUMBER',
    'INVALID_PAGE_URI',
    'NUMBER_OUT_OF_RANGE',
    'REQUIRED_FIELD',
    'VALUE_NOT_IN_FIELD_DEFINITION',
  ]);
  expect(await submissionsOf(database, formId)).toEqual([]);
});

test('what the form lets pass and the property does not is refused in the same words', async () => {
  const formId = await givenForm([field('email', 'email'), field('hs_lead_status', 'single_line_text')]);
  const answer = await post(formId, { email: 'lead@example.com', hs_lead_status: 'NO_SUCH_STATUS' });
  expect(answer.status).toBe(400);
  expect(errorsOf(answer)).toMatchObject([
    { errorType: 'VALUE_NOT_IN_FIELD_DEFINITION', message: expect.stringContaining('hs_lead_status') },
  ]);
  expect(await contactOf('lead@example.com')).toBeUndefined();
});

test('addresses of blocked domains are refused', async () => {
  const formId = await givenForm([
    field('email', 'email', { validation: { useDefaultBlockList: true, blockedEmailDomains: ['rival.example'] } }),
  ]);
  for (const email of ['a@gmail.com', 'a@RIVAL.example']) {
    expect(errorsOf(await post(formId, { email }))).toMatchObject([{ errorType: 'BLOCKED_EMAIL' }]);
  }
});

test('carriers’ odd addresses and full-width typing are accepted', async () => {
  const formId = await givenForm();
  expect((await post(formId, { email: 'a..b.@docomo.ne.jp' })).status).toBe(200);
  expect((await post(formId, { email: 'ｗｉｄｅ＠ｅｘａｍｐｌｅ．ｃｏｍ' })).status).toBe(200);
  expect(await contactOf('wide@example.com')).toBeDefined();
});

test('a dependent field is needed only when it was brought up', async () => {
  const formId = await givenForm([
    field('email', 'email'),
    field('company', 'single_line_text', {
      dependentFields: [
        {
          dependentCondition: { operator: 'contains', value: '代理店' },
          dependentField: field('website', 'single_line_text', { required: true }),
        },
      ],
    }),
  ]);
  expect((await post(formId, { email: 'dep@example.com', company: '広告主' })).status).toBe(200);
  expect(errorsOf(await post(formId, { email: 'dep@example.com', company: '代理店 A' }))).toMatchObject([
    { errorType: 'REQUIRED_FIELD' },
  ]);
});

test('skipValidation leaves the form’s own rules aside, not the properties’', async () => {
  const formId = await givenForm([
    field('email', 'email', { required: true }),
    field('company', 'single_line_text', { required: true }),
  ]);
  const secure = (values: Record<string, string>) =>
    call(submitSecurely, {
      path: { portalId: portal, formGuid: formId },
      body: { fields: Object.entries(values).map(([name, value]) => ({ name, value })), skipValidation: true },
      headers: bearer(),
    });
  expect((await secure({ email: 'skip@example.com', jobtitle: '部長' })).status).toBe(200);
  expect((await contactOf('skip@example.com'))?.properties.jobtitle).toBe('部長');
  expect(errorsOf(await secure({ email: 'broken' }))).toMatchObject([{ errorType: 'INVALID_EMAIL' }]);
  expect(errorsOf(await secure({ email: 'skip@example.com', nothing: 'x' }))).toMatchObject([
    { errorType: 'FIELD_NOT_IN_FORM_DEFINITION' },
  ]);
});

test('consent that the form asks for is needed, and the texts are kept', async () => {
  const legalConsentOptions = {
    type: 'explicit_consent_to_process',
    privacyText: '方針',
    consentToProcessText: '同意',
    communicationsCheckboxes: [{ subscriptionTypeId: 2, label: '案内', required: false }],
  };
  const formId = await givenForm(enquiry, { legalConsentOptions });
  expect(errorsOf(await post(formId, { email: 'law@example.com' }))).toMatchObject([
    { errorType: 'MISSING_PROCESSING_CONSENT' },
  ]);
  const consent = {
    consentToProcess: true,
    text: '同意します',
    communications: [
      { value: true, subscriptionTypeId: 2, text: '' },
      { value: true, subscriptionTypeId: 2, text: '案内' },
    ],
  };
  expect(
    errorsOf(await post(formId, { email: 'law@example.com' }, { legalConsentOptions: { consent } })).map(
      ({ errorType }) => errorType,
    ),
  ).toEqual(['MISSING_COMMUNICATION_CONSENT_TEXT', 'DUPLICATE_SUBSCRIPTION_TYPE_ID']);
  const given = { consent: { ...consent, communications: [{ value: true, subscriptionTypeId: 2, text: '案内' }] } };
  expect((await post(formId, { email: 'law@example.com' }, { legalConsentOptions: given })).status).toBe(200);
  expect(await submissionsOf(database, formId)).toMatchObject([{ consent: { given, shown: { privacyText: '方針' } } }]);
});

test('unknown accounts and forms, archived ones too, are 404', async () => {
  const formId = await givenForm();
  expect((await post(formId, { email: 'a@example.com' }, {}, { portalId: '1' })).status).toBe(404);
  expect((await post('00000000-0000-4000-8000-000000000000', { email: 'a@example.com' })).status).toBe(404);
  await call(archive, { path: { formId }, headers: bearer() });
  expect((await post(formId, { email: 'a@example.com' })).status).toBe(404);
});

test('bodies that are too large, no JSON, or of another shape are 400 in the form API’s words', async () => {
  const formId = await givenForm();
  const send = (body: unknown) => call(submit, { path: { portalId: portal, formGuid: formId }, body });
  expect(errorsOf(await send('x'.repeat(10 * 1024 * 1024)))).toMatchObject([{ errorType: 'INPUT_TOO_LARGE' }]);
  expect(errorsOf(await send({ fields: [{ name: 'email', value: 'x'.repeat(10 * 1024 * 1024) }] }))).toMatchObject([
    { errorType: 'INPUT_TOO_LARGE' },
  ]);
  expect(errorsOf(await send('{"fields": ['))).toMatchObject([{ errorType: 'INVALID_METADATA' }]);
  expect((await send('[]')).status).toBe(400);
  expect((await send({ fields: [{ value: 'no name' }] })).status).toBe(400);
  const many = Array.from({ length: 1001 }, (_, n) => ({ name: `p${n}`, value: '1' }));
  expect(errorsOf(await send({ fields: many }))).toMatchObject([
    { errorType: 'MAX_NUMBER_OF_SUBMITTED_VALUES_EXCEEDED' },
  ]);
});

test('a form with a captcha is not open to the API, but to a server with a token', async () => {
  const formId = await givenForm(enquiry, { configuration: { recaptchaEnabled: true } });
  expect(errorsOf(await post(formId, { email: 'bot@example.com' }))).toMatchObject([
    { errorType: 'FORM_HAS_RECAPTCHA_ENABLED' },
  ]);
  const request = {
    path: { portalId: portal, formGuid: formId },
    body: { fields: [{ name: 'email', value: 'server@example.com' }], context: { ipAddress: '198.51.100.9' } },
  };
  expect((await call(submitSecurely, request)).status).toBe(401);
  expect((await call(submitSecurely, { ...request, headers: bearer() })).status).toBe(200);
});

test('a form without an address makes a contact without one', async () => {
  const formId = await givenForm([field('lastname'), field('message', 'multi_line_text')]);
  expect((await post(formId, { lastname: '匿名', message: 'こんにちは' })).status).toBe(200);
  const [submission] = await submissionsOf(database, formId);
  const contact = await readRecord(database.app, '0-1', { id: submission?.contactId ?? '' });
  expect(contact?.properties).toMatchObject({ lastname: '匿名' });
  expect(contact?.properties).not.toHaveProperty('email');
});

test('the ID of a deal is kept on the contact and in the event; the deal is left alone', async () => {
  const deal = await createRecord(database.app, '0-3', {
    dealname: '広告主',
    dealstage: 'appointmentscheduled',
    pipeline: 'default',
    advertiser_id: 's00000012345678',
  });
  const formId = await givenForm([
    field('email', 'email'),
    field('advertiser_id', 'single_line_text', { objectTypeId: '0-3' }),
  ]);
  const answer = await post(
    formId,
    {},
    {
      fields: [
        { name: 'email', value: 'adv@example.com' },
        { objectTypeId: '0-3', name: 'advertiser_id', value: 's00000012345678' },
      ],
    },
  );
  expect(answer.status).toBe(200);
  const contact = await contactOf('adv@example.com');
  expect(contact?.properties.advertiser_id).toBe('s00000012345678');
  expect((await eventsOf(database, contact?.id ?? '', 'form.submitted'))[0]?.values).toContainEqual({
    objectTypeId: '0-3',
    name: 'advertiser_id',
    value: 's00000012345678',
  });
  expect((await readRecord(database.app, '0-3', { id: deal.id }))?.version).toBe(deal.version);
});

test('the lifecycle stage that a form gives is set, and never moves a contact back', async () => {
  const formId = await givenForm(enquiry, {
    configuration: { lifecycleStages: [{ objectTypeId: '0-1', value: 'lead' }] },
  });
  await createRecord(database.app, '0-1', { email: 'customer@example.com', lifecyclestage: 'customer' });
  await post(formId, { email: 'customer@example.com' });
  await post(formId, { email: 'fresh@example.com' });
  expect((await contactOf('customer@example.com'))?.properties.lifecyclestage).toBe('customer');
  expect((await contactOf('fresh@example.com'))?.properties.lifecyclestage).toBe('lead');
});
