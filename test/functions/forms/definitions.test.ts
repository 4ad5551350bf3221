import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as archive } from '../../../functions/forms/archive.ts';
import { handler as create } from '../../../functions/forms/create.ts';
import { handler as get } from '../../../functions/forms/get.ts';
import { handler as list } from '../../../functions/forms/list.ts';
import { handler as replace } from '../../../functions/forms/replace.ts';
import { handler as update } from '../../../functions/forms/update.ts';
import { createSubscriptionType, removeSubscriptionType } from '../../../lib/subscriptions/type-change.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { enquiry, field, formBody, givenForm } from '../../support/forms.ts';

let database: Database;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

const headers = bearer();
const define = (fields: readonly unknown[], more?: Record<string, unknown>) =>
  call(create, { body: formBody(fields, more), headers });
const read = (formId: string, query?: Record<string, string>) =>
  call(get, { path: { formId }, ...(query && { query }), headers });

test('a form is created with a GUID and everything that HubSpot answers with', async () => {
  const made = await define(enquiry);
  expect(made).toMatchObject({
    status: 201,
    body: {
      id: expect.stringMatching(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/),
      formType: 'hubspot',
      archived: false,
      fieldGroups: [
        {
          groupType: 'default_group',
          fields: [
            { name: 'email', dependentFields: [], validation: { useDefaultBlockList: false, blockedEmailDomains: [] } },
            {},
            {},
            {},
          ],
        },
      ],
      configuration: {
        language: 'ja',
        postSubmitAction: { type: 'thank_you' },
        recaptchaEnabled: false,
        notifyRecipients: [],
      },
      displayOptions: { renderRawHtml: false, theme: 'default_style', submitButtonText: '送信' },
      legalConsentOptions: { type: 'none' },
    },
  });
  expect(made.body).not.toHaveProperty('version');
  expect((await read((made.body as { id: string }).id)).body).toEqual(made.body);
});

test('a choice takes its options and label from the property when it has none of its own', async () => {
  const { label: _, ...stage } = field('lifecyclestage', 'dropdown');
  const made = await define([stage]);
  const [group] = (made.body as { fieldGroups: { fields: { label: string; options: { value: string }[] }[] }[] })
    .fieldGroups;
  expect(group?.fields[0]?.label).not.toBe('');
  expect(group?.fields[0]?.options.map(({ value }) => value)).toContain('lead');
});

test('every field that no writable property stands behind is named', async () => {
  const made = await define([
    field('email', 'email'),
    field('shoe_size'),
    field('hs_object_id'),
    field('lifecyclestage', 'dropdown', { options: [{ label: '偽', value: 'fake', displayOrder: 0 }] }),
    field('email', 'email'),
    field('firstname', 'single_line_text', {
      dependentFields: [{ dependentCondition: { operator: 'is_not_empty' }, dependentField: field('hat_size') }],
    }),
  ]);
  expect(made).toMatchObject({ status: 400, body: { category: 'VALIDATION_ERROR' } });
  const { errors } = made.body as { errors: { code: string; context: { propertyName: string[] } }[] };
  expect(errors.map(({ code, context }) => [code, context.propertyName[0]])).toEqual([
    ['PROPERTY_DOESNT_EXIST', 'shoe_size'],
    ['READ_ONLY_VALUE', 'hs_object_id'],
    ['INVALID_OPTION', 'lifecyclestage'],
    ['PROPERTY_DOESNT_EXIST', 'hat_size'],
    ['DUPLICATE_FIELD', 'email'],
  ]);
});

test('a redirect to anything but a web address is refused', async () => {
  const made = await define(enquiry, {
    configuration: { postSubmitAction: { type: 'redirect_url', value: 'javascript:alert(1)' } },
  });
  expect(made.status).toBe(400);
});

test('a patch keeps what it does not name, also within the configuration', async () => {
  const formId = await givenForm(enquiry, { configuration: { language: 'en', notifyRecipients: ['10000001'] } });
  const patched = await call(update, {
    path: { formId },
    body: { name: 'New name', configuration: { language: 'ja' } },
    headers,
  });
  expect(patched).toMatchObject({
    status: 200,
    body: { id: formId, name: 'New name', configuration: { language: 'ja', notifyRecipients: ['10000001'] } },
  });
  expect((patched.body as { fieldGroups: unknown[] }).fieldGroups).toHaveLength(1);
  expect(await call(update, { path: { formId }, body: { configuration: { language: 5 } }, headers })).toMatchObject({
    status: 400,
    body: { category: 'VALIDATION_ERROR' },
  });
});

test('a replacement is the whole new form under the old id', async () => {
  const formId = await givenForm();
  const replaced = await call(replace, {
    path: { formId },
    body: formBody([field('email', 'email')], { name: 'Only e-mail' }),
    headers,
  });
  expect(replaced).toMatchObject({ status: 200, body: { id: formId, name: 'Only e-mail' } });
  expect((await read(formId)).body).toEqual(replaced.body);
});

test('an archived form is gone for everyone who does not ask for it, and a patch brings it back', async () => {
  const formId = await givenForm();
  expect((await call(archive, { path: { formId }, headers })).status).toBe(204);
  expect((await read(formId)).status).toBe(404);
  expect(await read(formId, { archived: 'true' })).toMatchObject({
    status: 200,
    body: { archived: true, archivedAt: expect.any(String) },
  });
  expect((await call(update, { path: { formId }, body: { name: 'x' }, headers })).status).toBe(404);
  expect((await call(replace, { path: { formId }, body: formBody(enquiry), headers })).status).toBe(404);
  expect((await call(archive, { path: { formId }, headers })).status).toBe(404);
  expect(await call(update, { path: { formId }, body: { archived: false }, headers })).toMatchObject({
    status: 200,
    body: { archived: false },
  });
  expect((await read(formId)).status).toBe(200);
});

test('changes made at once are all kept', async () => {
  const formId = await givenForm();
  const patches = [
    { name: 'Renamed' },
    { configuration: { language: 'en' } },
    { displayOptions: { submitButtonText: 'Go' } },
  ];
  await Promise.all(patches.map((body) => call(update, { path: { formId }, body, headers })));
  expect((await read(formId)).body).toMatchObject({
    name: 'Renamed',
    configuration: { language: 'en' },
    displayOptions: { submitButtonText: 'Go' },
  });
});

test('the list pages through all forms that are not archived', async () => {
  const ids = await Promise.all(Array.from({ length: 5 }, () => givenForm()));
  const gone = ids[2] ?? '';
  await call(archive, { path: { formId: gone }, headers });
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await call(list, {
      method: 'GET',
      url: '/marketing/v3/forms',
      query: { limit: '2', ...(after && { after }) },
      headers,
    });
    const body = page.body as { results: { id: string }[]; paging?: { next: { after: string } } };
    seen.push(...body.results.map(({ id }) => id));
    after = body.paging?.next.after;
  } while (after);
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual(expect.arrayContaining(ids.filter((id) => id !== gone)));
  expect(seen).not.toContain(gone);
  expect((await call(list, { query: { formTypes: 'captured' }, headers })).body).toEqual({ results: [] });
  const archived = (await call(list, { query: { archived: 'true', limit: '500' }, headers })).body as {
    results: { id: string }[];
  };
  expect(archived.results.map(({ id }) => id)).toContain(gone);
});

test('a form asks for kinds of mail that are there, and from then on they cannot be deleted', async () => {
  const options = (subscriptionTypeId: number) => ({
    legalConsentOptions: {
      type: 'implicit_consent_to_process',
      communicationsCheckboxes: [{ subscriptionTypeId, label: '案内', required: false }],
    },
  });
  const unknown = await define(enquiry, options(987));
  expect(unknown).toMatchObject({ status: 400, body: { message: expect.stringContaining('no subscription type') } });
  const words = { ja: '製品', en: 'Products' };
  const rest = { purpose: 'Marketing', communicationMethod: 'Email', isActive: true, isInternal: false };
  const { id } = await createSubscriptionType(database.app, {
    name: words,
    description: words,
    optIn: 'NONE',
    ...rest,
  });
  await givenForm(enquiry, options(Number(id)));
  await expect(removeSubscriptionType(database.app, id)).rejects.toMatchObject({ category: 'VALIDATION_ERROR' });
});
