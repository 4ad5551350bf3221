import { expect, test } from 'vitest';
import type { CrmError } from '../../../lib/core/errors.ts';
import type { FlowDefinition } from '../../../lib/flows/schema.ts';
import { checkDefinition } from '../../../lib/flows/validate.ts';
import { anyOf, fixed, flow, next, propertyFilter, step } from './given.ts';

const wrongIn = async (definition: FlowDefinition): Promise<(string | undefined)[]> => {
  const error = await checkDefinition(definition).then(
    () => undefined,
    (problem: CrmError) => problem,
  );
  return (error?.options.errors ?? []).map((detail) => detail.in);
};

const delay = (id: string, to?: string) => step(id, '0-1', { delta: '5' }, to);
const slack = (id: string, to?: string) => step(id, '1-179507819', { text: 'x' }, to);

test('a flow that can run is accepted, a loop with a delay in it included', async () => {
  expect(await wrongIn(flow([delay('1', '2'), slack('2', '1')]))).toEqual([]);
  expect(await wrongIn(flow([]))).toEqual([]);
});

test('every problem is named at once', async () => {
  const definition = flow(
    [
      step('1', '0-5', { value: fixed('x') }, '9'),
      step('2', '0-999', {}),
      step('2', '1-179507819', {}),
      step('3', '0-11', {}),
      { type: 'WEBHOOK', actionId: '4', webhookUrl: 'ftp://x.example' },
    ],
    { startActionId: '8' },
  );
  expect(await wrongIn(definition)).toEqual([
    'actions.0.fields.property_name',
    'actions.1.actionTypeId',
    'actions.2.fields.text',
    'actions.3.fields',
    'actions.4.webhookUrl',
    'startActionId',
    'actions.2.actionId',
    'actions.0.connection',
  ]);
});

test.each([
  ['a step that leads to itself', [slack('1', '1')]],
  ['a longer loop', [slack('1', '2'), slack('2', '3'), slack('3', '1')]],
  ['a loop through a branch', [slack('1', '2'), { type: 'STATIC_BRANCH', actionId: '2', defaultBranch: next('1') }]],
  ['a loop whose only delay may be over', [slack('1', '2'), step('2', '0-35', { date: fixed('2020-01-01') }, '1')]],
])('%s without a delay is refused', async (_, actions) => {
  expect(await wrongIn(flow(actions))).toEqual(['actions.0.connection']);
});

test('a target must be an action that makes a record', async () => {
  const target = { actionId: '1', type: 'ACTION_OUTPUT' };
  const set = step('2', '0-5', { property_name: 'subject', value: fixed('x'), target });
  expect(await wrongIn(flow([slack('1', '2'), set]))).toEqual(['actions.1.fields']);
  expect(await wrongIn(flow([step('1', '0-14', { object_type_id: '0-5' }, '2'), set]))).toEqual([]);
});

test.each([
  [
    'an event that does not exist',
    { type: 'EVENT_BASED', eventFilterBranches: [{ eventTypeId: '4-1', filters: [] }] },
    /eventTypeId/,
  ],
  [
    'an operator that does not exist',
    { type: 'LIST_BASED', listFilterBranch: anyOf(propertyFilter('email', { operator: 'IS_FUN' })) },
    /operat/,
  ],
  [
    'an operation without its value',
    { type: 'LIST_BASED', listFilterBranch: anyOf(propertyFilter('email', { operator: 'CONTAINS' })) },
    /operation$/,
  ],
  [
    'a list membership',
    { type: 'EVENT_BASED', eventFilterBranches: [{ eventTypeId: '4-1463224' }], listMembershipFilterBranches: [{}] },
    /listMembership/,
  ],
  ['a kind of enrolment that does not exist', { type: 'DATASET' }, /enrollmentCriteria/],
])('enrolment by %s is refused', async (_, enrollmentCriteria, where) => {
  const wrong = await wrongIn(flow([], { enrollmentCriteria }));
  expect(wrong).toEqual([expect.stringMatching(where)]);
});

test('a contact flow enrols contacts only', async () => {
  expect(await wrongIn(flow([], { objectTypeId: '0-5' }))).toEqual(['objectTypeId']);
});
