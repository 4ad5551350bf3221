import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as apiUsage } from '../../../functions/account/api-usage.ts';
import { handler as emailCampaigns } from '../../../functions/flows/email-campaigns.ts';
import { handler as workflowIdMappings } from '../../../functions/flows/workflow-id-mappings.ts';
import { handler as createEngagement } from '../../../functions/legacy/create-engagement.ts';
import { handler as getEngagement } from '../../../functions/legacy/get-engagement.ts';
import { handler as listProperties } from '../../../functions/legacy/list-properties.ts';
import { handler as me } from '../../../functions/legacy/me.ts';
import { handler as updateEngagement } from '../../../functions/legacy/update-engagement.ts';
import { handler as customProperties } from '../../../functions/limits/custom-properties.ts';
import { handler as pipelineLimits } from '../../../functions/limits/pipelines.ts';
import { handler as createRecord } from '../../../functions/objects/create.ts';
import { handler as roles } from '../../../functions/users/roles.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';

let database: Database;
let contactId = '';
const ask = (handler: unknown, given: object = {}) => call(handler, { headers: bearer(), ...given });

beforeAll(async () => {
  database = await startDatabase();
  const contact = await ask(createRecord, {
    path: { objectType: 'contacts' },
    body: { properties: { lastname: '佐藤' } },
  });
  contactId = (contact.body as { id: string }).id;
});
afterAll(() => database.close());

const timestamp = Date.parse('2026-11-22T04:00:00Z');
const associations = () => ({ contactIds: [Number(contactId)], companyIds: [], dealIds: [] });
type Made = { engagement: { id: number } };

test.each([
  ['NOTE', { body: '架電しました' }],
  ['TASK', { subject: '折り返し', body: '14時', status: 'NOT_STARTED' }],
  ['CALL', { body: '要望', toNumber: '+81312345678', durationMilliseconds: 60_000 }],
  [
    'EMAIL',
    { subject: '御礼', text: '本日は', from: { email: 'a@example.co.jp' }, to: [{ email: 'b@example.co.jp' }] },
  ],
  ['MEETING', { title: '定例', startTime: timestamp, endTime: timestamp + 3_600_000 }],
])('an engagement of the type %s is made, read and changed as the older API has it', async (type, metadata) => {
  const made = await ask(createEngagement, {
    body: { engagement: { type, timestamp }, associations: associations(), metadata },
  });
  expect(made).toMatchObject({
    status: 200,
    body: { engagement: { type, timestamp }, associations: { contactIds: [Number(contactId)] }, metadata },
  });
  const path = { engagementId: String((made.body as Made).engagement.id) };
  expect((await ask(getEngagement, { path })).body).toEqual(made.body);
  const later = timestamp + 1000;
  expect((await ask(updateEngagement, { path, body: { engagement: { timestamp: later } } })).body).toMatchObject({
    engagement: { type, timestamp: later },
    metadata,
  });
});

test('an engagement that is none is refused in HubSpot’s words', async () => {
  expect((await ask(createEngagement, { body: { engagement: { type: 'FAX' } } })).status).toBe(400);
  expect((await ask(getEngagement, { path: { engagementId: 'x' } })).status).toBe(404);
  expect(
    (await ask(createEngagement, { body: { engagement: { type: 'NOTE' }, associations: { contactIds: ['1'] } } }))
      .status,
  ).toBe(400);
});

test('the other paths of well-known clients answer', async () => {
  expect((await ask(listProperties, { path: { objectType: 'contacts' } })).body).toContainEqual(
    expect.objectContaining({ name: 'email', type: 'string' }),
  );
  expect((await ask(me)).body).toMatchObject({ portalId: 24_601_001, timeZone: 'Asia/Tokyo', currency: 'JPY' });
  expect((await ask(roles)).body).toEqual({ results: [] });
  expect((await ask(apiUsage)).body).toMatchObject({ results: [{ fetchStatus: 'NOTFOUND' }] });
  expect((await ask(emailCampaigns)).body).toEqual({ results: [] });
  expect((await ask(workflowIdMappings, { body: { inputs: [{ flowId: '9' }] } })).status).toBe(207);
  expect((await ask(pipelineLimits)).body).toMatchObject({
    hubspotDefinedObjectTypes: expect.arrayContaining([expect.objectContaining({ objectTypeId: '0-3' })]),
  });
  expect((await ask(customProperties)).body).toMatchObject({ overallUsage: expect.any(Number) });
});
