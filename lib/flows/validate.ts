import type * as z from 'zod/mini';
import { fromZod } from '../core/errors.ts';
import type { Action } from './action.ts';
import { EnrollmentCriteria } from './criteria.ts';
import { FilterBranch } from './filters.ts';
import { isBranch } from './interpret.ts';
import { fieldsOf, loadAction, typeIdOf } from './load-action.ts';
import type { BranchAction, Connection, EffectAction, FlowAction, FlowDefinition } from './schema.ts';
import { unsupportedIssues } from './unsupported.ts';
import { Value } from './values.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly (string | number)[];
type ActionsByType = ReadonlyMap<string, Action | undefined>;

/** Checks everything that the engine will execute, so that a stored flow can run. @throws CrmError 400 naming every problem */
export async function checkDefinition(definition: FlowDefinition): Promise<void> {
  const types = [...new Set(definition.actions.filter(isEffect).map(typeIdOf))];
  const actions = new Map(await Promise.all(types.map(async (typeId) => [typeId, await loadAction(typeId)] as const)));
  const issues = [
    ...criteriaIssues(definition),
    ...unsupportedIssues(definition),
    ...definition.actions.flatMap((step, index) => stepIssues(step, ['actions', index], actions)),
    ...graphIssues(definition),
    ...referenceIssues(definition, actions),
    ...endlessIssues(definition, actions),
  ];
  if (issues.length > 0) throw fromZod(issues, 'body');
}

const isEffect = (step: FlowAction): step is EffectAction => !isBranch(step);

const problem = (path: Path, message: string): Issue => ({ code: 'custom', path: [...path], message, input: '' });

const under = (path: Path, issues: readonly Issue[]): Issue[] =>
  issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] }));

const parseIssues = (schema: z.ZodMiniType, value: unknown, path: Path) =>
  under(path, schema.safeParse(value, { reportInput: true }).error?.issues ?? []);

function criteriaIssues({ type, objectTypeId, enrollmentCriteria }: FlowDefinition): Issue[] {
  return [
    ...(type === 'CONTACT_FLOW' && objectTypeId !== '0-1'
      ? [problem(['objectTypeId'], 'a CONTACT_FLOW enrols contacts (0-1)')]
      : []),
    ...(enrollmentCriteria ? parseIssues(EnrollmentCriteria, enrollmentCriteria, ['enrollmentCriteria']) : []),
  ];
}

function stepIssues(step: FlowAction, path: Path, actions: ActionsByType): Issue[] {
  if (isBranch(step)) return branchIssues(step, path);
  const action = actions.get(typeIdOf(step));
  if (!action) return [problem([...path, 'actionTypeId'], `the action type ${typeIdOf(step)} is not supported`)];
  return under(step.type === 'WEBHOOK' ? path : [...path, 'fields'], action.problemsOf(fieldsOf(step)));
}

function branchIssues(step: BranchAction, path: Path): Issue[] {
  switch (step.type) {
    case 'STATIC_BRANCH': {
      const needed = step.staticBranches.length > 0 || step.inputValue !== undefined;
      return needed ? parseIssues(Value, step.inputValue, [...path, 'inputValue']) : [];
    }
    case 'LIST_BRANCH':
      return step.listBranches.flatMap(({ filterBranch }, index) =>
        parseIssues(FilterBranch, filterBranch, [...path, 'listBranches', index, 'filterBranch']),
      );
    case 'AB_TEST_BRANCH':
      return [];
  }
}

/** Every way out of a step. */
function connectionsOf(step: FlowAction): (Connection | undefined)[] {
  switch (step.type) {
    case 'STATIC_BRANCH':
      return [...step.staticBranches.map(({ connection }) => connection), step.defaultBranch];
    case 'LIST_BRANCH':
      return [...step.listBranches.map(({ connection }) => connection), step.defaultBranch];
    case 'AB_TEST_BRANCH':
      return step.testBranches.map(({ connection }) => connection);
    case 'SINGLE_CONNECTION':
    case 'WEBHOOK':
      return [step.connection];
  }
}

const nextOf = (step: FlowAction) => connectionsOf(step).flatMap((connection) => connection?.nextActionId ?? []);

function graphIssues({ actions, startActionId }: FlowDefinition): Issue[] {
  const ids = actions.map(({ actionId }) => actionId);
  const twice = actions.flatMap(({ actionId }, index) =>
    ids.indexOf(actionId) === index
      ? []
      : [problem(['actions', index, 'actionId'], `the id ${actionId} is taken by another action`)],
  );
  const dangling = actions.flatMap((step, index) =>
    nextOf(step)
      .filter((id) => !ids.includes(id))
      .map((id) => problem(['actions', index, 'connection'], `leads to action ${id}, which does not exist`)),
  );
  return [...startIssues(ids, startActionId), ...twice, ...dangling];
}

function startIssues(ids: readonly string[], start: string | null | undefined): Issue[] {
  if (start) return ids.includes(start) ? [] : [problem(['startActionId'], `is action ${start}, which does not exist`)];
  return ids.length > 0 ? [problem(['startActionId'], 'is needed when there are actions')] : [];
}

/** A target must be an action that makes a record. */
function referenceIssues({ actions: steps }: FlowDefinition, actions: ActionsByType): Issue[] {
  const makers = steps.filter(isEffect).filter((step) => actions.get(typeIdOf(step))?.makesRecord);
  const makes = new Set(makers.map(({ actionId }) => actionId));
  return steps.flatMap((step, index) =>
    outputsNamedIn(step)
      .filter((id) => !makes.has(id))
      .map((id) => problem(['actions', index, 'fields'], `names the record of action ${id}, which makes none`)),
  );
}

/** The actions that any `{type: "ACTION_OUTPUT", actionId}` in the value names. */
function outputsNamedIn(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return [];
  const { type, actionId } = value as { type?: unknown; actionId?: unknown };
  const own = type === 'ACTION_OUTPUT' && typeof actionId === 'string' ? [actionId] : [];
  return [...own, ...Object.values(value).flatMap(outputsNamedIn)];
}

/** A loop that never waits would run for ever. */
function endlessIssues({ actions: steps }: FlowDefinition, actions: ActionsByType): Issue[] {
  const waits = (step: FlowAction) => isEffect(step) && actions.get(typeIdOf(step))?.waits === true;
  const byId = new Map(steps.map((step) => [step.actionId, step]));
  const safe = new Set<string>();
  const loops = (id: string, path: readonly string[]): boolean => {
    if (path.includes(id)) return true;
    const step = byId.get(id);
    if (!step || safe.has(id) || waits(step)) return false;
    const found = nextOf(step).some((next) => loops(next, [...path, id]));
    if (!found) safe.add(id);
    return found;
  };
  const endless = steps.findIndex(({ actionId }) => loops(actionId, []));
  return endless < 0 ? [] : [problem(['actions', endless, 'connection'], 'is part of a loop without a delay')];
}
