import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { sliceOf } from '../core/page.ts';
import { absent, attributes } from '../table/conditions.ts';
import {
  flowKey,
  flowListenerKey,
  flowListenerPartition,
  flowListingKey,
  flowPartition,
  flowRevisionKey,
} from '../table/keys.ts';
import { commitOrThrow, orStale, type Step } from '../table/steps.ts';
import type { Write } from '../table/write.ts';
import { EnrollmentCriteria } from './criteria.ts';
import { Flow, FlowDefinition, FlowSummary, toSummary } from './schema.ts';

/** An enabled flow as enrolment sees it. */
export const Listener = z.object({
  flowId: z.string(),
  stamp: z.string(),
  revisionId: z.string(),
  startActionId: z.optional(z.string()),
  criteria: EnrollmentCriteria,
});
export type Listener = z.output<typeof Listener>;

const flowNotFound = (id: string) =>
  new CrmError('OBJECT_NOT_FOUND', `No flow with ID ${id} exists`, { context: { flowId: [id] } });

const conflict = () =>
  new CrmError('CONFLICT', 'The flow has been changed since: read it again and send its current revisionId', {
    subCategory: 'FLOW_REVISION_CONFLICT',
  });

export const findFlow = (app: App, id: string): Promise<Flow | undefined> => app.table.get(flowKey(id), Flow);

/** @throws CrmError 404 */
export async function readFlow(app: App, id: string): Promise<Flow> {
  const flow = await findFlow(app, id);
  if (!flow) throw flowNotFound(id);
  return flow;
}

export const readFlows = (app: App, ids: readonly string[]): Promise<Flow[]> =>
  app.table.getMany(ids.map(flowKey), Flow);

export async function listFlows(app: App, { after, limit }: { after?: string; limit: number }) {
  const all = await app.table.all({ pk: flowPartition, prefix: 'flow#' }, FlowSummary);
  return sliceOf(all, after, limit);
}

/** Stores a flow that came into being, or took the place of `before`. @throws CrmError 409 when it is not as it was read any more */
export async function saveFlow(app: App, flow: Flow, before?: Flow): Promise<void> {
  const revision = {
    ...flowRevisionKey(flow.id, flow.revisionId),
    entity: 'flow-revision',
    definition: flow.definition,
  };
  const head = {
    put: { ...flowKey(flow.id), entity: 'flow', ...flow },
    when: before ? attributes({ revisionId: before.revisionId }) : absent,
  };
  await commitOrThrow(app.table, [
    { write: head, refused: conflict },
    orStale({ put: { ...flowListingKey(flow.id), entity: 'flow-listing', ...toSummary(flow) } }),
    orStale({ put: revision }),
    ...listenerSteps(flow, before),
  ]);
}

/** Its runs end, its definition is gone; what it did stays in the logs of the records. */
export async function removeFlow(app: App, flow: Flow): Promise<void> {
  await commitOrThrow(app.table, [
    { write: { remove: flowKey(flow.id), when: attributes({ revisionId: flow.revisionId }) }, refused: conflict },
    orStale({ remove: flowListingKey(flow.id) }),
    orStale({ remove: flowListenerKey(flow.definition.objectTypeId, flow.id) }),
  ]);
}

function listenerSteps(flow: Flow, before: Flow | undefined): Step[] {
  const { objectTypeId, enrollmentCriteria, startActionId } = flow.definition;
  const listens = flow.isEnabled && enrollmentCriteria !== undefined && enrollmentCriteria.type !== 'MANUAL';
  const key = flowListenerKey(objectTypeId, flow.id);
  const item = {
    ...key,
    entity: 'flow-listener',
    flowId: flow.id,
    stamp: flow.stamp,
    revisionId: flow.revisionId,
    ...(startActionId && { startActionId }),
    criteria: enrollmentCriteria,
  };
  const moved = before && before.definition.objectTypeId !== objectTypeId;
  return [
    orStale(listens ? { put: item } : { remove: key }),
    ...(moved ? [orStale({ remove: flowListenerKey(before.definition.objectTypeId, flow.id) })] : []),
  ];
}

/** Holds while the flow is enabled as it was under this stamp. */
export const enabledSince = (flowId: string, stamp: string): Write => ({
  check: flowKey(flowId),
  when: attributes({ stamp, isEnabled: true }),
});

/**
 * The enabled flows of an object type, as they were at some time after the event: one query serves all messages of an invocation, since
 * all of them came before it began. A flow that was enabled before the event is always among them.
 */
export function listenersOf(app: App, objectType: string, { fresh = false } = {}): Promise<readonly Listener[]> {
  const partition = flowListenerPartition(objectType);
  const known = app.memo.get(partition) as Promise<readonly Listener[]> | undefined;
  if (known && !fresh) return known;
  const listeners = app.table.all({ pk: partition }, Listener);
  // Messages that wait for the same answer share its failure, too: each of them comes again.
  app.memo.set(partition, listeners);
  return listeners;
}

const Revision = z.object({ definition: FlowDefinition });
const revisions = new Map<string, FlowDefinition>();
const revisionsKept = 200;

/** The definition of a revision. It never changes, so one instance reads it once. */
export async function readRevision(app: App, flowId: string, revisionId: string): Promise<FlowDefinition> {
  const key = flowRevisionKey(flowId, revisionId);
  const name = `${key.pk}\n${key.sk}`;
  const known = revisions.get(name);
  if (known) return known;
  const stored = await app.table.get(key, Revision);
  if (!stored) throw flowNotFound(flowId);
  if (revisions.size >= revisionsKept) revisions.clear();
  revisions.set(name, stored.definition);
  return stored.definition;
}
