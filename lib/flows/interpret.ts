import { createHash } from 'node:crypto';
import type { Action } from './action.ts';
import type { Facts, Output } from './facts.ts';
import { FilterBranch, meetsBranch } from './filters.ts';
import { fieldsOf } from './load-action.ts';
import type { BranchAction, Connection, FlowAction, FlowDefinition } from './schema.ts';
import { Value, valueNow } from './values.ts';

/** What comes next for a run. `next` is the action after this one; without it the run ends with this step. */
export type Decision =
  | { readonly kind: 'effect'; readonly input: unknown; readonly next?: string }
  | { readonly kind: 'wait'; readonly until: string; readonly next?: string }
  | { readonly kind: 'pass'; readonly output: Output; readonly next?: string };

/** The action of a definition under an id. */
export const actionOf = (definition: FlowDefinition, actionId: string): FlowAction | undefined =>
  definition.actions.find((action) => action.actionId === actionId);

/**
 * Decides one step. Pure: the definition, the facts and the action's own rule, nothing else, decide; so a replay over the past
 * decides what a live run does. `action` is the action type of a step that is no branch.
 * @throws CrmError when the facts do not allow the step
 */
export function interpret(step: FlowAction, facts: Facts, action: Action | undefined): Decision {
  if (isBranch(step)) return branch(step, facts);
  if (!action) throw new Error(`No action for step ${step.actionId}`);
  const plan = action.plan(fieldsOf(step), facts);
  const on = leadingTo(step.connection);
  switch (plan.kind) {
    case 'effect':
    case 'wait':
      return { ...plan, ...on };
    case 'nothing':
      return { kind: 'pass', output: plan.output, ...on };
  }
}

export const isBranch = (step: FlowAction): step is BranchAction => /_BRANCH$/.test(step.type);

const leadingTo = (connection: Connection | undefined) =>
  connection?.nextActionId ? { next: connection.nextActionId } : {};

function branch(step: BranchAction, facts: Facts): Decision {
  const { taken, connection } = choose(step, facts);
  return { kind: 'pass', output: { branch: taken }, ...leadingTo(connection) };
}

type Choice = { readonly taken: string; readonly connection: Connection | undefined };

function choose(step: BranchAction, facts: Facts): Choice {
  const otherwise = {
    taken: 'default',
    connection: 'defaultBranch' in step ? (step.defaultBranch as Connection) : undefined,
  };
  switch (step.type) {
    case 'STATIC_BRANCH': {
      const value = step.inputValue === undefined ? undefined : valueNow(Value.parse(step.inputValue), facts);
      const found = step.staticBranches.find(({ branchValue }) => branchValue === value);
      return found ? { taken: found.branchValue, connection: found.connection } : otherwise;
    }
    case 'LIST_BRANCH': {
      const of = { now: facts.now, properties: facts.enrolled.properties, submittedForms: facts.submittedForms };
      const index = step.listBranches.findIndex(({ filterBranch }) =>
        meetsBranch(FilterBranch.parse(filterBranch), of),
      );
      const found = step.listBranches[index];
      return found ? { taken: found.branchName ?? String(index), connection: found.connection } : otherwise;
    }
    case 'AB_TEST_BRANCH': {
      const index = drawn([facts.flowId, step.actionId, facts.enrolled.id].join('#'), step.testBranches.length);
      return { taken: String(index), connection: step.testBranches[index]?.connection };
    }
  }
}

/** One of `choices`, the same for the same text: a record keeps its side of a test. */
const drawn = (text: string, choices: number) => createHash('sha256').update(text).digest().readUInt32BE(0) % choices;
