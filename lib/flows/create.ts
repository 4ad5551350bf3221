import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { type Flow, FlowDefinition } from './schema.ts';
import { saveFlow } from './store.ts';
import { checkDefinition } from './validate.ts';

/** Fields that are ours to give; a client that sends back what it read sends them along. */
const ours = ['id', 'uuid', 'revisionId', 'createdAt', 'updatedAt', 'crmObjectCreationStatus'];

/** The definition out of a body, fit to run. @throws CrmError 400 naming every problem */
export async function definitionOf(body: FlowDefinition): Promise<FlowDefinition> {
  await checkDefinition(body);
  return FlowDefinition.parse(Object.fromEntries(Object.entries(body).filter(([name]) => !ours.includes(name))));
}

/** Stores a new flow, enabled or not as its body says. @throws CrmError 400 naming every problem */
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
