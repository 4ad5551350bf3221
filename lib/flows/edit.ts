import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { send } from '../aws/queue.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { type Flow, FlowDefinition, type FlowUpdate } from './schema.ts';
import { readFlow, removeFlow, saveFlow } from './store.ts';
import { checkDefinition } from './validate.ts';

/** Fields that are ours to give; a client that sends back what it read sends them along. */
const ours = ['id', 'uuid', 'revisionId', 'createdAt', 'updatedAt', 'crmObjectCreationStatus'];

/** The definition out of a body, fit to run. @throws CrmError 400 naming every problem */
async function definitionOf(body: FlowDefinition): Promise<FlowDefinition> {
  await checkDefinition(body);
  return FlowDefinition.parse(Object.fromEntries(Object.entries(body).filter(([name]) => !ours.includes(name))));
}

const next = (revisionId: string) => String(Number(revisionId) + 1);

export async function createFlow(app: App, body: FlowDefinition): Promise<Flow> {
  const definition = await definitionOf(body);
  const now = app.now();
  const flow: Flow = {
    id: app.newId(),
    uuid: z.uuid().safeParse(body.uuid).data ?? randomUUID(),
    revisionId: '1',
    stamp: app.newEventId(),
    isEnabled: definition.isEnabled,
    createdAt: now,
    updatedAt: now,
    definition,
  };
  await saveFlow(app, flow);
  return flow;
}

/**
 * Puts a new definition in place of the one with `revisionId`. Runs that are on their way end with the definition that they began with;
 * switching the flow off ends them all.
 */
export async function replaceFlow(app: App, id: string, { revisionId, ...body }: FlowUpdate): Promise<Flow> {
  const before = await readFlow(app, id);
  if (before.revisionId !== revisionId) {
    throw new CrmError(
      'CONFLICT',
      `The flow has revision ${before.revisionId}, not ${revisionId}: read it again and send its current revisionId`,
      {
        subCategory: 'FLOW_REVISION_CONFLICT',
      },
    );
  }
  return replace(app, before, await definitionOf(body));
}

/** Switches a flow off: no new runs, and those on their way end, whatever they wait for. */
export async function stopFlow(app: App, id: string): Promise<Flow> {
  const before = await readFlow(app, id);
  return replace(app, before, { ...before.definition, isEnabled: false }, { stop: true });
}

async function replace(app: App, before: Flow, definition: FlowDefinition, { stop = false } = {}): Promise<Flow> {
  const { isEnabled } = definition;
  const keeps = isEnabled === before.isEnabled && !stop;
  const flow: Flow = {
    ...before,
    definition,
    isEnabled,
    revisionId: next(before.revisionId),
    stamp: keeps ? before.stamp : app.newEventId(),
    updatedAt: app.now(),
  };
  await saveFlow(app, flow, before);
  if (!keeps) await endOldRuns(flow.id);
  return flow;
}

export async function deleteFlow(app: App, flowId: string): Promise<void> {
  await removeFlow(app, await readFlow(app, flowId));
  await endOldRuns(flowId);
}

/** The stamp has ended the runs already; this brings them to their end in the books, too. */
const endOldRuns = (flowId: string) => send('flow-steps', [{ flowId, endOldRuns: true }]);
