import type { Client } from '@hubspot/api-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DemoClient } from '../../cdk/local/demo/client.ts';
import { removeHome, type Started, scratchHome, startSystem } from '../bench/system.ts';
import { hubspot } from '../support/hubspot.ts';
import { expectVerified } from '../support/verified.ts';
import { eventually } from '../support/wait.ts';

/** Names that are none (R50-R54): found within a second whoever wrote them, corrected together, taken back together. */
const home = scratchHome();
let system: Started;
let hub: Client;
let own: DemoClient;
beforeAll(async () => {
  system = await startSystem(home);
  hub = hubspot(system);
  own = new DemoClient(system);
});
afterAll(async () => {
  await system?.stop();
  removeHome(home);
});

type Finding = { readonly id: string; readonly type: string; readonly recordId: string; readonly suggestion?: object };
type Summary = { readonly total: number; readonly byType: Readonly<Record<string, number>> };

const create = (properties: Record<string, string>) =>
  hub.crm.contacts.basicApi.create({ properties, associations: [] }).then(({ id }) => id);
const nameOf = async (id: string) =>
  (await hub.crm.contacts.basicApi.getById(id, ['lastname', 'firstname', 'service_tags', 'salutation'])).properties;
const findingsOf = async (id: string) =>
  (await own.get<{ results: Finding[] }>('/data-quality/v1/findings?limit=100')).results.filter(
    ({ recordId }) => recordId === id,
  );
const typesOf = async (id: string) => (await findingsOf(id)).map(({ type }) => type).join(' ');
const found = (id: string, types: string) =>
  eventually(`findings: ${types}`, async () => (await typesOf(id)) === types);
const completed = (jobId: string) =>
  eventually(
    'the job',
    async () => (await own.get<{ status: string }>(`/jobs/v1/jobs/${jobId}`)).status === 'COMPLETED',
  );

let tag = '';
let whole = '';
let changeSetId = '';

test('「A8田中」 and 「田中太郎様」 come to the work list, with what they should be', async () => {
  tag = await create({ lastname: 'A8田中', email: 'a8@example.co.jp' });
  whole = await create({ lastname: '田中太郎様', email: 'taro@example.co.jp' });
  const asked = performance.now();
  await found(tag, 'NAME_IN_ONE_FIELD SERVICE_IN_NAME');
  await found(whole, 'NAME_IN_ONE_FIELD FULLNAME_IN_FAMILY HONORIFIC');
  console.log(`found after ${Math.round(performance.now() - asked)} ms`);
  expect((await findingsOf(tag))[0]?.suggestion).toMatchObject({ lastname: '田中', tags: ['A8'] });
  expect((await own.get<Summary>('/data-quality/v1/summary')).byType).toMatchObject({
    HONORIFIC: 1,
    SERVICE_IN_NAME: 1,
  });
});

test('one request corrects all that is sure, and the work list shrinks', async () => {
  const answer = await own.post<{ jobId: string; changeSetId: string }>('/data-quality/v1/fixes', {});
  ({ changeSetId } = answer);
  await completed(answer.jobId);
  expect(await nameOf(tag)).toMatchObject({ lastname: '田中', service_tags: 'A8' });
  expect(await nameOf(whole)).toMatchObject({ lastname: '田中', firstname: '太郎', salutation: '様' });
  await found(whole, '');
  await found(tag, 'NAME_IN_ONE_FIELD');
  expect((await own.get<Summary>('/data-quality/v1/summary')).byType).toEqual({ NAME_IN_ONE_FIELD: 1 });
});

test('the change set is undone: what somebody changed since is left alone', async () => {
  await hub.crm.contacts.basicApi.update(whole, { properties: { firstname: '太朗' } });
  const { jobId } = await own.post<{ jobId: string }>(`/changesets/v1/${changeSetId}/undo`, {});
  await completed(jobId);
  expect(await nameOf(tag)).toMatchObject({ lastname: 'A8田中', service_tags: null });
  expect(await nameOf(whole)).toMatchObject({ lastname: '田中太郎様', firstname: '太朗' });
  await found(tag, 'NAME_IN_ONE_FIELD SERVICE_IN_NAME');
  await expectVerified(system);
});
