import { send } from '../aws/queue.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { actionOf } from './interpret.ts';
import { ended, hasEnded, type Run, type RunStatus, retried } from './run.ts';
import { listRuns, Overtaken, readRun, saveRun } from './run-store.ts';
import { findFlow, readFlow } from './store.ts';

const openStatuses: readonly RunStatus[] = ['WAITING', 'RUNNING'];
const perPage = 100;
/** Well below the worker's time limit; a new message goes on. */
const budgetMs = 10_000;

/** Ends the runs that began under another enablement than the flow's present one; returns whether some may be left. */
export async function endOldRuns(app: App, flowId: string): Promise<boolean> {
  const until = performance.now() + budgetMs;
  const flow = await findFlow(app, flowId);
  for (const status of openStatuses) {
    // Runs of the present enablement may lie before and between the old ones, so every page is looked into.
    let after: string | undefined;
    do {
      if (performance.now() > until) return true;
      const page = await listRuns(app, flowId, { status, limit: perPage, ...(after !== undefined && { after }) });
      for (const run of page.items.filter(({ stamp }) => stamp !== flow?.stamp)) await stop(app, run);
      ({ after } = page);
    } while (after !== undefined);
  }
  return false;
}

async function stop(app: App, run: Run): Promise<void> {
  try {
    await saveRun(app, ended(run, 'STOPPED', { error: 'The flow was switched off' }, app.now()));
  } catch (error) {
    if (!(error instanceof Overtaken)) throw error;
  }
}

/**
 * Sets a failed run on its way again, at the step that failed, with the flow's present definition if that still has the step.
 * A run that is on its way gets its message again. @throws CrmError 404, 409
 */
export async function retryRun(app: App, flowId: string, runId: string): Promise<Run> {
  const flow = await readFlow(app, flowId);
  const run = await readRun(app, flowId, runId);
  if (!flow.isEnabled) throw new CrmError('CONFLICT', 'The flow is not enabled: enable it before its runs are retried');
  if (hasEnded(run) && run.status !== 'FAILED')
    throw new CrmError('CONFLICT', `The run has ended: it is ${run.status}`);
  const onward = run.status === 'FAILED' ? await setOff(app, run, flow) : run;
  await send('flow-steps', [{ flowId, runId }]);
  return onward;
}

async function setOff(app: App, run: Run, flow: Awaited<ReturnType<typeof readFlow>>): Promise<Run> {
  const present = run.actionId === undefined || actionOf(flow.definition, run.actionId) !== undefined;
  const revisionId = present ? flow.revisionId : run.revisionId;
  try {
    return await saveRun(app, retried(run, { stamp: flow.stamp, revisionId }, app.now()));
  } catch (error) {
    throw error instanceof Overtaken ? new CrmError('CONFLICT', 'Somebody else retried the run') : error;
  }
}
