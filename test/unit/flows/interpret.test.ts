import { expect, test } from 'vitest';
import { type Facts, wantedBy } from '../../../lib/flows/facts.ts';
import { interpret, isBranch } from '../../../lib/flows/interpret.ts';
import { loadAction, typeIdOf } from '../../../lib/flows/load-action.ts';
import { FlowAction } from '../../../lib/flows/schema.ts';
import { anyOf, facts, fixed, next, property, propertyFilter, step } from './given.ts';

const decide = async (given: unknown, of: Facts = facts()) => {
  const action = FlowAction.parse(given);
  return interpret(action, of, isBranch(action) ? undefined : await loadAction(typeIdOf(action)));
};

const ticket = { objectType: '0-5', id: '501', properties: { subject: 'お問い合わせ' } };
const withTicket = facts({ outputs: { '1': { objectType: '0-5', recordId: '501' } }, made: { '1': ticket } });

test('setting a property plans the value with its tokens, on the enrolled record', async () => {
  const decision = await decide(
    step('1', '0-5', { property_name: 'note', value: fixed('{{ enrolled_object.lastname }} 様') }, '2'),
  );
  expect(decision).toEqual({
    kind: 'effect',
    input: { objectType: '0-1', id: '101', property: 'note', value: '田中 様' },
    next: '2',
  });
});

test('a value can be copied to the record that an earlier action made', async () => {
  const target = { type: 'ACTION_OUTPUT', actionId: '1' };
  const decision = await decide(
    step('2', '0-5', { property_name: 'content', value: property('email'), target }),
    withTicket,
  );
  expect(decision).toMatchObject({ input: { objectType: '0-5', id: '501', value: 'tanaka@example.co.jp' } });
  expect(decision).not.toHaveProperty('next');
});

test('a source without a value clears the property', async () => {
  const decision = await decide(step('1', '0-5', { property_name: 'note', value: property('phone') }));
  expect(decision).toMatchObject({ input: { value: null } });
});

test('an action on a record that was never made is refused by name', async () => {
  const target = { type: 'ACTION_OUTPUT', actionId: '9' };
  await expect(decide(step('2', '0-5', { property_name: 'x', value: fixed('1'), target }))).rejects.toThrow(
    /Action 9 has made no record/,
  );
});

test('an action on the associated record needs exactly one', async () => {
  const target = { type: 'ASSOCIATED_OBJECT', objectTypeId: '0-5' };
  const moved = step('1', '0-5', { property_name: 'hs_pipeline_stage', value: fixed('4'), target });
  const other = { ...ticket, id: '502' };
  expect(await decide(moved, facts({ associated: { '0-5': [ticket] } }))).toMatchObject({
    input: { objectType: '0-5', id: '501', property: 'hs_pipeline_stage', value: '4' },
  });
  await expect(decide(moved)).rejects.toThrow(/no record of the type 0-5/);
  await expect(decide(moved, facts({ associated: { '0-5': [ticket, other] } }))).rejects.toThrow(/several records/);
  expect(wantedBy(FlowAction.parse(moved)).associated).toEqual(['0-5']);
});

test('a survey is planned for the record that the step acts on', async () => {
  expect(await decide(step('1', 'send-survey', { survey_id: '77', cooldown_days: 30 }))).toMatchObject({
    input: { surveyId: '77', cooldownDays: 30, record: { objectType: '0-1', id: '101' } },
  });
});

test('a created record gets its values and associations, and no empty ones', async () => {
  const associations = [
    { target: { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 16 }, value: { type: 'ENROLLED_OBJECT' } },
  ];
  const properties = [
    { targetProperty: 'subject', value: fixed('{{ enrolled_object.email }}') },
    { targetProperty: 'content', value: property('message') },
  ];
  expect(await decide(step('1', '0-14', { object_type_id: '0-5', properties, associations }))).toMatchObject({
    input: {
      objectType: '0-5',
      properties: { subject: 'tanaka@example.co.jp' },
      associations: [{ to: { id: '101' }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 16 }] }],
    },
  });
});

test.each([
  ['0-1/advertiser_id', 's1'],
  ['advertiser_id', 's1'],
  ['0-5/advertiser_id', 't1'],
])('records are matched by the value of %s', async (enrolledObjectPropertyNameToMatch, value) => {
  const of = facts({
    enrolled: { objectType: '0-1', id: '101', properties: { advertiser_id: 's1' } },
    made: { '1': { ...ticket, properties: { advertiser_id: 't1' } } },
  });
  const fields = {
    fromObjectType: '0-5',
    toObjectType: '0-3',
    enrolledObjectPropertyNameToMatch,
    associatedObjectPropertyNameToMatch: '0-3/advertiser_id',
    target: { type: 'ACTION_OUTPUT', actionId: '1' },
  };
  expect(await decide(step('2', '0-63189541', fields), of)).toMatchObject({
    input: { from: { objectType: '0-5', id: '501' }, toObjectType: '0-3', property: 'advertiser_id', value },
  });
});

test('a Slack text fills tokens, leaves missing ones empty, and lets no visitor call the channel', async () => {
  const of = facts({ enrolled: { objectType: '0-1', id: '101', properties: { message: '<!channel> & <b>' } } });
  const decision = await decide(
    step('1', '1-179507819', { text: '<https://crm.test|開く> {{ enrolled_object.message }}{{ owner.email }}!' }),
    of,
  );
  expect(decision).toMatchObject({ input: { text: '<https://crm.test|開く> &lt;!channel&gt; &amp; &lt;b&gt;!' } });
});

test('an HTML mail escapes what people typed, a plain one does not', async () => {
  const of = facts({
    enrolled: { objectType: '0-1', id: '101', properties: { email: 'a@b.co', message: '<b>&</b>' } },
  });
  const html = await decide(step('1', '0-4', { subject: 's', body: '<p>{{ enrolled_object.message }}</p>' }), of);
  const text = await decide(step('1', '0-4', { subject: 's', body: '{{ enrolled_object.message }}' }), of);
  expect(html).toMatchObject({ input: { body: '<p>&lt;b&gt;&amp;&lt;/b&gt;</p>' } });
  expect(text).toMatchObject({ input: { body: '<b>&</b>' } });
});

test('a contact without an address gets no mail, and the run says why', async () => {
  const of = facts({ enrolled: { objectType: '0-1', id: '101', properties: {} } });
  expect(await decide(step('1', '0-4', { subject: 's', body: 'b' }, '2'), of)).toEqual({
    kind: 'pass',
    output: { skipped: 'the record has no e-mail address' },
    next: '2',
  });
});

test.each([
  [{ delta: '90', time_unit: 'MINUTES' }, '2026-11-22T04:30:00.000Z'],
  [{ delta: 2, time_unit: 'DAYS' }, '2026-11-24T03:00:00.000Z'],
  [{ delta: '3' }, '2026-11-22T03:03:00.000Z'],
])('a delay of %o ends at %s', async (fields, until) => {
  expect(await decide(step('1', '0-1', fields, '2'))).toEqual({ kind: 'wait', until, next: '2' });
});

test.each([
  [{ date: fixed('2026-12-01') }, '2026-11-30T15:00:00.000Z'],
  [{ date: fixed('2026-12-01'), time_of_day: { hour: 9, minute: 30 } }, '2026-12-01T00:30:00.000Z'],
  [{ date: fixed('2026-12-01'), delta: '-1', time_of_day: { hour: 9 } }, '2026-11-30T00:00:00.000Z'],
  [{ date: fixed('1796050800000') }, '2026-11-30T15:00:00.000Z'],
  [{ date: fixed('2026-12-01'), time_zone: 'UTC' }, '2026-12-01T00:00:00.000Z'],
])('a delay until %o ends at %s', async (fields, until) => {
  expect(await decide(step('1', '0-35', fields))).toEqual({ kind: 'wait', until });
});

test.each([
  [property('renewal_date'), 'the date is not known'],
  [fixed('2026-11-21'), 'the date has passed'],
  [fixed('9999-01-01'), 'the date is more than 10 years away'],
])('a delay until %o delays nothing', async (date, skipped) => {
  expect(await decide(step('1', '0-35', { date }, '2'))).toEqual({ kind: 'pass', output: { skipped }, next: '2' });
});

test('a record keeps its owner unless the rotation says otherwise', async () => {
  const of = facts({ enrolled: { objectType: '0-1', id: '101', properties: { hubspot_owner_id: '5' } } });
  expect(await decide(step('1', '0-11', { owner_ids: ['1'] }), of)).toMatchObject({
    kind: 'pass',
    output: { ownerId: '5' },
  });
  const over = await decide(step('1', '0-11', { owner_ids: ['1'], overwrite_current_owner: 'true' }), of);
  expect(over).toMatchObject({ kind: 'effect', input: { property: 'hubspot_owner_id', overwrite: true } });
});

test('a webhook carries the record, and its parameters in the address', async () => {
  const webhook = {
    type: 'WEBHOOK',
    actionId: '1',
    method: 'POST',
    webhookUrl: 'https://hooks.example.com/in?a=1',
    queryParams: [{ name: '名前', value: property('lastname') }],
  };
  const decision = await decide(webhook);
  if (decision.kind !== 'effect') throw new Error(decision.kind);
  const { url, body } = decision.input as { url: string; body: string };
  expect(new URL(url).searchParams.get('名前')).toBe('田中');
  expect(JSON.parse(body)).toMatchObject({ objectTypeId: '0-1', objectId: '101', properties: { lastname: '田中' } });
});

const branches = [
  { branchValue: 'lead', connection: next('2') },
  { branchValue: 'customer', connection: next('3') },
];

test.each([
  ['customer', '3', 'customer'],
  ['other', '4', 'default'],
  [undefined, '4', 'default'],
])('a static branch with value %s leads to %s', async (lifecyclestage, to, branch) => {
  const of = facts({
    enrolled: { objectType: '0-1', id: '101', properties: { ...(lifecyclestage && { lifecyclestage }) } },
  });
  const given = {
    type: 'STATIC_BRANCH',
    actionId: '1',
    inputValue: property('lifecyclestage'),
    staticBranches: branches,
    defaultBranch: next('4'),
  };
  expect(await decide(given, of)).toEqual({ kind: 'pass', output: { branch }, next: to });
});

test('a list branch takes the first branch that the record meets, or the default, which may lead nowhere', async () => {
  const given = (value: string) => ({
    type: 'LIST_BRANCH',
    actionId: '1',
    listBranches: [
      {
        filterBranch: anyOf(propertyFilter('lastname', { operator: 'IS_EQUAL_TO', operationType: 'STRING', value })),
        branchName: '田中さん',
        connection: next('2'),
      },
    ],
    defaultBranch: {},
  });
  expect(await decide(given('田中'))).toEqual({ kind: 'pass', output: { branch: '田中さん' }, next: '2' });
  expect(await decide(given('佐藤'))).toEqual({ kind: 'pass', output: { branch: 'default' } });
});

test('a test branch divides records about evenly, and a record keeps its side', async () => {
  const given = {
    type: 'AB_TEST_BRANCH',
    actionId: '1',
    testBranches: [{ connection: next('2') }, { connection: next('3') }],
  };
  const sideOf = async (id: string) =>
    (await decide(given, facts({ enrolled: { objectType: '0-1', id, properties: {} } }))).next;
  const ids = Array.from({ length: 200 }, (_, index) => String(1000 + index));
  const sides = await Promise.all(ids.map(sideOf));
  expect(sides.filter((side) => side === '2').length).toBeGreaterThan(70);
  expect(sides.filter((side) => side === '3').length).toBeGreaterThan(70);
  expect(await Promise.all(ids.map(sideOf))).toEqual(sides);
});
