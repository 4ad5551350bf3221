import { FlowRunFinished } from '../../events/flow.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { absent, versionIs } from '../table/conditions.ts';
import { StaleRead } from '../table/contention.ts';
import { appendEvent } from '../table/event-log.ts';
import {
  enrolledKey,
  runKey,
  runPartition,
  runPrefix,
  runStatusListing,
  runStepKey,
  runStepPartition,
} from '../table/keys.ts';
import type { Mark } from '../table/once.ts';
import { alsoStep, commitOrThrow, onceStep, type Step } from '../table/steps.ts';
import { ConditionFailed } from '../table/table.ts';
import type { Write } from '../table/write.ts';
import type { Output } from './facts.ts';
import { enrolledIn, hasEnded, Run, type RunStatus, RunStep, stepName } from './run.ts';
import { enabledSince } from './store.ts';

/** Another worker brought the run forward: there is nothing left to do here. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

const runItem = (run: Run) => ({
  ...runKey(run.flowId, run.runId),
  gsi1pk: runStatusListing(run.flowId, run.status),
  gsi1sk: run.runId,
  entity: 'run',
  ...run,
});

export type Start = 'STARTED' | 'EXISTS' | 'ENROLLED_BEFORE' | 'FLOW_CHANGED';

/** Begins a run, if the flow is still enabled as the listener said and, without re-enrolment, the record was never enrolled. */
export async function startRun(app: App, run: Run, { again }: { again: boolean }): Promise<Start> {
  const enrolled = { ...enrolledKey(run.flowId, enrolledIn(run)), entity: 'enrolled', runId: run.runId };
  try {
    await app.table.commit([
      { put: runItem(run), when: absent },
      { put: enrolled, ...(!again && { when: absent }) },
      enabledSince(run.flowId, run.stamp),
      ...(hasEnded(run) ? [finishedEvent(app, run)] : []),
    ]);
    return 'STARTED';
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    if (error.at(0)) return 'EXISTS';
    return error.at(1) ? 'ENROLLED_BEFORE' : 'FLOW_CHANGED';
  }
}

export const findRun = (app: App, flowId: string, runId: string): Promise<Run | undefined> =>
  app.table.get(runKey(flowId, runId), Run);

/** @throws CrmError 404 */
export async function readRun(app: App, flowId: string, runId: string): Promise<Run> {
  const run = await findRun(app, flowId, runId);
  if (!run) throw new CrmError('OBJECT_NOT_FOUND', `No run with ID ${runId} exists`, { context: { runId: [runId] } });
  return run;
}

/** The steps that a run has taken, in order. */
export const readSteps = (app: App, { flowId, runId }: Pick<Run, 'flowId' | 'runId'>): Promise<RunStep[]> =>
  app.table.all({ pk: runStepPartition(flowId, runId), prefix: 'step#' }, RunStep);

/** Runs of a flow, newest first. With a status it reads the index, which may lag by a moment. */
export async function listRuns(
  app: App,
  flowId: string,
  { status, after, limit }: { status?: RunStatus; after?: string; limit: number },
) {
  const listing = status && runStatusListing(flowId, status);
  const position =
    after === undefined ? undefined : { ...runKey(flowId, after), ...(listing && { gsi1pk: listing, gsi1sk: after }) };
  const { items, lastKey } = await app.table.query(
    {
      ...(listing ? { pk: listing, index: 'gsi1' as const } : { pk: runPartition(flowId), prefix: runPrefix }),
      descending: true,
      limit: limit + 1,
      ...(position && { startAfter: position }),
    },
    Run,
  );
  const runs = items.slice(0, limit);
  const last = runs.at(-1);
  return { items: runs, ...((items.length > limit || lastKey) && last && { after: last.runId }) };
}

/** The mark of the step that the run is to take next. */
export const stepMark = (
  run: Run,
  step: Pick<RunStep, 'actionTypeId' | 'input' | 'finishedAt'> & { readonly output: Output },
): Mark => ({
  ...runStepKey(run.flowId, run.runId, stepName(run)),
  entity: 'step',
  actionId: run.actionId,
  visit: run.visit,
  attempts: run.attempts + 1,
  ...step,
});

/** Stores what became of the run, with what belongs to that. @throws Overtaken, AlreadyDone (by `mark`), PreconditionFailed (by `also`) */
export async function saveRun(
  app: App,
  run: Run,
  { mark, also = [] }: { mark?: Mark; also?: readonly Write[] } = {},
): Promise<Run> {
  const steps: Step[] = [
    { write: { put: runItem(run), when: versionIs(run.version - 1) }, refused: () => new StaleRead('The run went on') },
    ...(mark ? [onceStep(mark)] : []),
    ...also.map(alsoStep),
    ...(hasEnded(run) ? [alsoStep(finishedEvent(app, run))] : []),
  ];
  try {
    await commitOrThrow(app.table, steps);
  } catch (error) {
    throw error instanceof StaleRead ? new Overtaken('Another worker brought the run forward') : error;
  }
  return run;
}

/** Counts a try that did not succeed, so that it shows. The count is not worth a failure of its own. */
export async function noteAttempt(app: App, run: Run, lastError: string): Promise<void> {
  try {
    await app.table.commit([
      { update: runKey(run.flowId, run.runId), set: { lastError }, add: { attempts: 1 }, when: versionIs(run.version) },
    ]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

const finishedEvent = (app: App, run: Run): Write =>
  appendEvent(
    FlowRunFinished.of({
      id: app.newEventId(),
      objectType: run.objectType,
      recordId: run.recordId,
      occurredAt: run.updatedAt,
      actor: { kind: 'flow', id: run.flowId },
      cause: run.cause,
      flowId: run.flowId,
      runId: run.runId,
      status: run.status === 'FAILED' || run.status === 'STOPPED' ? run.status : 'COMPLETED',
      ...(run.error !== undefined && { error: run.error }),
    }),
  );
