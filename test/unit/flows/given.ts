import type { Facts } from '../../../lib/flows/facts.ts';
import { FlowDefinition } from '../../../lib/flows/schema.ts';

/** A contact that is enrolled at noon in Tokyo, unless told otherwise. */
export const facts = (given: Partial<Facts> = {}): Facts => ({
  now: '2026-11-22T03:00:00.000Z',
  portalId: 24601001,
  flowId: '7',
  runId: 'e1-101',
  enrolled: { objectType: '0-1', id: '101', properties: { email: 'tanaka@example.co.jp', lastname: '田中' } },
  outputs: {},
  made: {},
  associated: {},
  submittedForms: new Set(),
  ...given,
});

export const next = (nextActionId: string) => ({ edgeType: 'STANDARD', nextActionId });

/** A step of an action type, leading to `to`. */
export const step = (actionId: string, actionTypeId: string, fields: Record<string, unknown>, to?: string) => ({
  type: 'SINGLE_CONNECTION' as const,
  actionId,
  actionTypeId,
  actionTypeVersion: 0,
  fields,
  ...(to && { connection: next(to) }),
});

/** A contact flow that begins with its first action. */
export const flow = (actions: readonly Record<string, unknown>[], more: Record<string, unknown> = {}): FlowDefinition =>
  FlowDefinition.parse({
    type: 'CONTACT_FLOW',
    isEnabled: true,
    startActionId: actions[0]?.actionId,
    actions,
    ...more,
  });

export const fixed = (staticValue: string) => ({ type: 'STATIC_VALUE', staticValue });
export const property = (propertyName: string) => ({ type: 'OBJECT_PROPERTY', propertyName });

export const propertyFilter = (name: string, operation: Record<string, unknown>) => ({
  filterType: 'PROPERTY',
  property: name,
  operation,
});

/** HubSpot's nesting: OR of ANDs. */
export const anyOf = (...filters: readonly Record<string, unknown>[]) => ({
  filterBranchType: 'OR',
  filterBranchOperator: 'OR',
  filters: [],
  filterBranches: filters.map((filter) => ({
    filterBranchType: 'AND',
    filterBranchOperator: 'AND',
    filters: [filter],
    filterBranches: [],
  })),
});
