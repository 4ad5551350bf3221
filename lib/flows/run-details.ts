import type { App } from '../core/app.ts';
import { actionOf, isBranch } from './interpret.ts';
import { typeIdOf } from './load-action.ts';
import { toPublicRun, toPublicSteps } from './run.ts';
import { readRun, readSteps } from './run-store.ts';
import type { FlowDefinition } from './schema.ts';
import { readFlow, readRevision } from './store.ts';

/** A run as the API shows it, with all of its steps. @throws CrmError 404 */
export async function readRunDetails(app: App, flowId: string, runId: string) {
  const [flow, run] = await Promise.all([readFlow(app, flowId), readRun(app, flowId, runId)]);
  const [steps, definition] = await Promise.all([readSteps(app, run), readRevision(app, flowId, run.revisionId)]);
  return {
    ...toPublicRun(run, flow.stamp),
    steps: toPublicSteps(run, steps, (actionId) => typeOf(definition, actionId)),
  };
}

function typeOf(definition: FlowDefinition, actionId: string): string {
  const step = actionOf(definition, actionId);
  if (!step) return 'unknown';
  return isBranch(step) ? step.type : typeIdOf(step);
}
