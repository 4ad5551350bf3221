import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handler as create } from '../../../functions/lists/create.ts';
import { handler as remove } from '../../../functions/lists/remove.ts';
import { handler as updateFilters } from '../../../functions/lists/update-filters.ts';
import { call } from '../../support/call.ts';
import { bearer, type Database, startDatabase } from '../../support/database.ts';
import { allOf, associatedWith, property } from '../../support/dynamic-lists.ts';

const headers = bearer();
const sqs = mockClient(SQSClient);
let database: Database;
beforeAll(async () => {
  sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
  database = await startDatabase();
});
afterAll(async () => {
  sqs.restore();
  await database.close();
});

let made = 0;
async function created(filterBranch: unknown) {
  made += 1;
  const body = { name: `一覧${made}`, objectTypeId: '0-1', processingType: 'DYNAMIC', filterBranch };
  return call(create, { headers, body });
}
async function listOf(filterBranch: unknown): Promise<string> {
  const { status, body, text } = await created(filterBranch);
  expect(status, text).toBe(200);
  return (body as { list: { listId: string } }).list.listId;
}
const inCity = (city: string) =>
  property('city', { operationType: 'MULTISTRING', operator: 'IS_EQUAL_TO', values: [city] });
const inList = (listId: string) => ({ filterType: 'IN_LIST', listId, operator: 'IN_LIST' });
const withBranch = (branch: object) => allOf([], [branch]);

describe('filters that cannot be evaluated are refused by name', () => {
  test.each([
    ['an unknown property', allOf([property('nothing', { operator: 'IS_KNOWN' })]), 'nothing'],
    [
      'a property of the other type',
      withBranch(associatedWith('0-2', 279, [property('firstname', { operator: 'IS_KNOWN' })])),
      'firstname',
    ],
    [
      'an operator of another type',
      allOf([property('lifecyclestage', { operator: 'IS_LESS_THAN_X_DAYS_AGO', numberOfDays: 1 })]),
      'lifecyclestage',
    ],
    ['an operator that is none', allOf([property('city', { operator: 'SOUNDS_LIKE', value: 'x' })]), 'operator'],
    ['an operation without its value', allOf([property('city', { operator: 'IS_EQUAL_TO' })]), 'lacks'],
    ['a list that is not there', allOf([inList('77')]), '77'],
    [
      'page views',
      allOf([{ filterType: 'PAGE_VIEW', pageUrl: 'https://a.jp', operator: 'HAS_PAGEVIEW_EQ' }]),
      'PAGE_VIEW',
    ],
    ['advertisements', allOf([{ filterType: 'ADS_TIME', pruningRefineBy: { type: 'ALL_HISTORY' } }]), 'ADS_TIME'],
    ['webinars', allOf([{ filterType: 'WEBINAR', operator: 'HAS_WEBINAR_ATTENDED' }]), 'WEBINAR'],
    [
      'replies',
      allOf([{ filterType: 'EMAIL_EVENT', operator: 'REPLIED', appId: '1', emailId: '1', level: 'x' }]),
      'REPLIED',
    ],
    [
      'an unknown kind of mail',
      allOf([{ filterType: 'EMAIL_SUBSCRIPTION', subscriptionIds: ['99'], acceptedStatuses: ['OPT_IN'] }]),
      '99',
    ],
    [
      'an unknown event',
      withBranch({ filterBranchType: 'UNIFIED_EVENTS', eventTypeId: '6-1', operator: 'HAS_COMPLETED', filters: [] }),
      '6-1',
    ],
    ['a restricted branch', withBranch({ filterBranchType: 'RESTRICTED', filters: [] }), 'RESTRICTED'],
    ['no type of the associated records', withBranch({ filterBranchType: 'ASSOCIATION', filters: [] }), 'objectTypeId'],
    ['an unknown type of record', withBranch(associatedWith('2-999', 1, [])), '2-999'],
    [
      'an unknown association',
      allOf([
        { filterType: 'NUM_ASSOCIATIONS', associationTypeId: 987654, coalescingRefineBy: { type: 'NUM_OCCURRENCES' } },
      ]),
      '987654',
    ],
    ['251 filters', allOf(Array.from({ length: 251 }, () => inCity('東京'))), '250'],
  ])('%s', async (_, filterBranch, named) => {
    const { status, body, text } = await created(filterBranch);
    expect(status, text).toBe(400);
    expect(body).toMatchObject({ category: 'VALIDATION_ERROR' });
    expect(text).toContain(named);
  });
});

test('lists that would depend on themselves, also through others, are refused', async () => {
  const one = await listOf(allOf([inCity('東京')]));
  const two = await listOf(allOf([inList(one)]));
  const three = await listOf(allOf([inList(two)]));
  for (const named of [one, two, three]) {
    const answer = await call(updateFilters, {
      headers,
      path: { listId: one },
      body: { filterBranch: allOf([inList(named)]) },
    });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('depend on itself');
  }
});

test('a list that the filters of another one name stays until they name it no more', async () => {
  const base = await listOf(allOf([inCity('京都')]));
  const list = await listOf(allOf([inCity('大津')], [associatedWith('0-2', 279, [inCity('京都')])]));
  const naming = allOf([{ ...inList(base), operator: 'NOT_IN_LIST' }]);
  await call(updateFilters, { headers, path: { listId: list }, body: { filterBranch: naming } });
  const refused = await call(remove, { headers, path: { listId: base } });
  expect([refused.status, refused.text.includes(list)]).toEqual([400, true]);
  await call(updateFilters, { headers, path: { listId: list }, body: { filterBranch: allOf([inCity('大津')]) } });
  expect((await call(remove, { headers, path: { listId: base } })).status).toBe(204);
  expect((await created(allOf([inList(base)]))).status).toBe(400);
});
