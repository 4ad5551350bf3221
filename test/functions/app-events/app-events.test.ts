import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { handler as batch } from '../../../functions/app-events/batch-create-events.ts';
import { handler as createEvent } from '../../../functions/app-events/create-event.ts';
import { handler as createTemplate } from '../../../functions/app-events/create-template.ts';
import { handler as createToken } from '../../../functions/app-events/create-token.ts';
import { handler as getEvent } from '../../../functions/app-events/get-event.ts';
import { handler as detail } from '../../../functions/app-events/get-event-detail.ts';
import { handler as getTemplate } from '../../../functions/app-events/get-template.ts';
import { handler as listTemplates } from '../../../functions/app-events/list-templates.ts';
import { handler as removeToken } from '../../../functions/app-events/remove-token.ts';
import { handler as render } from '../../../functions/app-events/render-event.ts';
import { handler as updateTemplate } from '../../../functions/app-events/update-template.ts';
import { handler as updateToken } from '../../../functions/app-events/update-token.ts';
import { handler as createRecord } from '../../../functions/objects/create.ts';
import { handler as getRecord } from '../../../functions/objects/get.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

let database: Database;
let templateId = '';
let contactId = '';
const ask = (handler: unknown, given: object = {}) => call(handler, { headers: bearer(), ...given });
const idOf = (answer: { body: unknown }) => (answer.body as { id: string }).id;
const app = { appId: '77' };

beforeAll(async () => {
  database = await startDatabase();
  const template = await ask(createTemplate, {
    path: app,
    body: {
      name: 'ウェビナー参加',
      objectType: 'contacts',
      headerTemplate: '「{{ webinar }}」に参加',
      detailTemplate: '{{extraData.minutes}}分\n\n<{{webinar}}>',
      tokens: [
        { name: 'webinar', label: '題名', type: 'string' },
        { name: 'job', label: '役職', type: 'string', objectPropertyName: 'jobtitle' },
      ],
    },
  });
  expect(template.status).toBe(201);
  templateId = idOf(template);
  contactId = idOf(
    await ask(createRecord, { path: { objectType: 'contacts' }, body: { properties: { lastname: '佐藤' } } }),
  );
});
afterAll(() => database.close());

const event = (more: object = {}) => ({
  eventTemplateId: templateId,
  objectId: contactId,
  id: 'w-1',
  tokens: { webinar: '広告入門', job: '部長' },
  extraData: { minutes: 45 },
  ...more,
});
const logged = async (recordId: string) =>
  database.app.table.all(
    { pk: `0-1#${recordId}`, prefix: 'event#' },
    z.object({ type: z.string(), detail: z.looseObject({ title: z.optional(z.string()) }) }),
  );

test('an event is logged with its record once, and sets the properties of its tokens', async () => {
  const answer = await ask(createEvent, { body: event() });
  expect(answer).toMatchObject({
    status: 201,
    body: { id: 'w-1', objectType: 'contacts', eventTemplateId: templateId },
  });
  expect(await ask(createEvent, { body: event() })).toMatchObject({ status: 409, body: { category: 'CONFLICT' } });
  const record = await ask(getRecord, {
    path: { objectType: 'contacts', objectId: contactId },
    query: { properties: 'jobtitle' },
  });
  expect(record.body).toMatchObject({ properties: { jobtitle: '部長' } });
  const told = (await logged(contactId)).filter(({ type }) => type === 'timeline-event.created');
  expect(told.map(({ detail }) => detail.title)).toEqual(['「広告入門」に参加']);
});

test('an event is read back, as text and as safe HTML', async () => {
  const path = { eventTemplateId: templateId, eventId: 'w-1' };
  expect((await ask(getEvent, { path })).body).toMatchObject({
    tokens: { webinar: '広告入門' },
    extraData: { minutes: 45 },
  });
  expect((await ask(detail, { path })).body).toEqual({ details: '45分\n\n<広告入門>' });
  expect((await ask(render, { path })).text).toBe('<p>「広告入門」に参加</p>');
  expect((await ask(render, { path, query: { detail: 'true' } })).text).toBe('<p>45分</p><p>&lt;広告入門&gt;</p>');
  expect((await ask(getEvent, { path: { ...path, eventId: 'none' } })).status).toBe(404);
});

test('a batch tells each event that failed, and makes the contact of a new address', async () => {
  const answer = await ask(batch, {
    body: {
      inputs: [
        event({ id: 'w-2', objectId: undefined, email: 'new@example.co.jp' }),
        event({ id: 'w-3', objectId: '1' }),
        event({ id: 'w-4', tokens: { nothing: 'x' } }),
      ],
    },
  });
  expect(answer).toMatchObject({
    status: 207,
    body: {
      results: [{ id: 'w-2' }],
      numErrors: 2,
      errors: [{ category: 'OBJECT_NOT_FOUND' }, { category: 'VALIDATION_ERROR' }],
    },
  });
});

test('templates and tokens are changed by their app alone', async () => {
  const path = { ...app, eventTemplateId: templateId };
  expect((await ask(getTemplate, { path: { ...path, appId: '78' } })).status).toBe(404);
  expect((await ask(createToken, { path, body: { name: 'place', label: '場所', type: 'string' } })).status).toBe(200);
  expect((await ask(createToken, { path, body: { name: 'place', label: '場所', type: 'string' } })).status).toBe(409);
  const token = { ...path, tokenName: 'place' };
  expect((await ask(updateToken, { path: token, body: { label: '会場' } })).body).toMatchObject({
    name: 'place',
    label: '会場',
  });
  expect((await ask(removeToken, { path: token })).status).toBe(204);
  const body = { id: templateId, name: '参加', tokens: [{ name: 'webinar', label: '題名', type: 'string' }] };
  expect((await ask(updateTemplate, { path, body })).body).toMatchObject({ name: '参加', objectType: 'contacts' });
  expect((await ask(listTemplates, { path: app })).body).toMatchObject({ results: [{ id: templateId, name: '参加' }] });
});
