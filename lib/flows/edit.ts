import { send } from '../aws/queue.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { contend, StaleRead } from '../table/contention.ts';
import { definitionOf } from './create.ts';
import type { Flow, FlowDefinition, FlowUpdate } from './schema.ts';
import { readFlow, removeFlow, saveFlow } from './store.ts';

const next = (revisionId: string) => String(Number(revisionId) + 1);

/**
 * Puts a new definition in place of the one with `revisionId`. Runs that are on their way end with the definition that they began with;
 * switching the flow off ends them all. @throws CrmError 400, 404, 409
 */
export async function replaceFlow(app: App, id: string, { revisionId, ...body }: FlowUpdate): Promise<Flow> {
  const before = await readFlow(app, id);
  if (before.revisionId !== revisionId) {
    throw new CrmError(
      'CONFLICT',
      `The flow has revision ${before.revisionId}, not ${revisionId}: read it again and send its current revisionId`,
      { subCategory: 'FLOW_REVISION_CONFLICT' },
    );
  }
  return replace(app, before, await definitionOf(body));
}

/** Switches a flow off: no new runs, and those on their way end, whatever they wait for. */
export const stopFlow = (app: App, id: string): Promise<Flow> =>
  whateverIsSaved(async () => {
    const before = await readFlow(app, id);
    return replace(app, before, { ...before.definition, isEnabled: false }, { stop: true });
  });

/** Who stops or deletes a flow means it as it is, not as it was read: somebody who saves it at the same time is no reason to refuse. */
const whateverIsSaved = <T>(attempt: () => Promise<T>): Promise<T> =>
  contend(async () => {
    try {
      return await attempt();
    } catch (error) {
      throw error instanceof CrmError && error.category === 'CONFLICT' ? new StaleRead(error.message) : error;
    }
  });

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

/** Deletes a flow and ends its runs. @throws CrmError 404 */
export async function deleteFlow(app: App, flowId: string): Promise<void> {
  await whateverIsSaved(async () => removeFlow(app, await readFlow(app, flowId)));
  await endOldRuns(flowId);
}

/** The stamp has ended the runs already; this brings them to their end in the books, too. */
const endOldRuns = (flowId: string) => send('flow-steps', [{ flowId, endOldRuns: true }]);
