import { send } from '../aws/queue.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { dueWrite } from '../due/due.ts';
import { AlreadyDone, type Mark, PreconditionFailed } from '../table/once.ts';
import type { Write } from '../table/write.ts';
import type { Action, Step } from './action.ts';
import type { Output } from './facts.ts';
import { actionOf, type Decision, interpret, isBranch } from './interpret.ts';
import { loadAction, typeIdOf } from './load-action.ts';
import { loadFacts } from './load-facts.ts';
import { afterStep, ended, enrolledIn, mayProceed, type Run, RunStep, stepKeyOf } from './run.ts';
import { findRun, noteAttempt, Overtaken, saveRun, stepMark } from './run-store.ts';
import type { FlowAction } from './schema.ts';
import { enabledSince, readRevision } from './store.ts';

/** What one message takes at most; a new message takes the rest, so that none runs into the worker's time limit. */
const stepsPerMessage = 25;
const messageMs = 10_000;

/**
 * Takes the steps of a run, one after the other, until it ends or waits. Any number of deliveries of a message, at once or in any order,
 * make each effect once: the effect's own transaction leaves the mark of its step, under the condition that the flow is still enabled.
 * @throws whatever kept a step from being taken for now: the message must come again
 */
export async function advance(app: App, { flowId, runId }: Pick<Run, 'flowId' | 'runId'>): Promise<void> {
  const until = performance.now() + messageMs;
  let run = await findRun(app, flowId, runId);
  for (let taken = 0; run && mayProceed(run, app.now()); taken += 1) {
    if (taken === stepsPerMessage || performance.now() > until) return send('flow-steps', [{ flowId, runId }]);
    run = await takeStep(asFlow(app, run), run);
  }
}

/** What a flow writes, it writes as itself, because of what enrolled the record. */
const asFlow = (app: App, { flowId, cause }: Run): App => ({ ...app, actor: { kind: 'flow', id: flowId }, cause });

/** The run after its next step; undefined when another worker has it. */
async function takeStep(app: App, run: Run): Promise<Run | undefined> {
  try {
    const definition = await readRevision(app, run.flowId, run.revisionId);
    const step = run.actionId === undefined ? undefined : actionOf(definition, run.actionId);
    if (!step) return await saveRun(app, ended(run, 'COMPLETED', {}, app.now()));
    return await perform(app, run, step);
  } catch (error) {
    return onTrouble(app, run, error);
  }
}

async function perform(app: App, run: Run, step: FlowAction): Promise<Run> {
  const facts = await loadFacts(app, run, step);
  if (!facts)
    return saveRun(app, ended(run, 'STOPPED', { error: 'The enrolled record is not there any more' }, app.now()));
  const action = isBranch(step) ? undefined : await loadAction(typeIdOf(step));
  const actionTypeId = isBranch(step) ? step.type : typeIdOf(step);
  const decision = interpret(step, facts, action);
  if (decision.kind !== 'effect' || !action) return pass(app, run, decision, actionTypeId);
  const { output, mark, isMarked } = await makeEffect(app, run, { action, actionTypeId, input: decision.input });
  return conclude(app, run, { next: decision.next, output, ...(!isMarked && { mark: mark(output) }) });
}

/** A step without an effect of its own. */
async function pass(app: App, run: Run, decision: Decision, actionTypeId: string): Promise<Run> {
  const { flowId, runId } = run;
  const until = decision.kind === 'wait' ? decision.until : undefined;
  const output = decision.kind === 'pass' ? decision.output : { until };
  const due =
    until === undefined
      ? []
      : [await dueWrite(app, until, stepKeyOf(run), { queue: 'flow-steps', body: { flowId, runId } })];
  const mark = stepMark(run, { actionTypeId, output, finishedAt: app.now() });
  return conclude(app, run, {
    next: decision.next,
    output,
    until,
    mark,
    also: [enabledSince(flowId, run.stamp), ...due],
  });
}

type Conclusion = {
  readonly next: string | undefined;
  readonly output: Output;
  readonly until?: string | undefined;
  /** The mark of the step, unless its effect wrote it. */
  readonly mark?: Mark;
  readonly also?: readonly Write[];
};

/** Brings the run to its next step, and leaves the mark of this one. */
async function conclude(app: App, run: Run, { mark, also = [], ...step }: Conclusion): Promise<Run> {
  const now = app.now();
  try {
    return await saveRun(app, afterStep(run, step, now), { ...(mark && { mark }), also });
  } catch (error) {
    if (!(error instanceof AlreadyDone)) throw error;
    // An earlier delivery made the effect before the facts changed; what it left then counts.
    return saveRun(app, afterStep(run, { next: step.next, output: outputOf(error) }, now));
  }
}

const outputOf = ({ mark }: AlreadyDone): Output => RunStep.parse(mark).output;

type Effect = { readonly action: Action; readonly actionTypeId: string; readonly input: unknown };
type Effected = { readonly output: Output; readonly mark: Step['mark']; readonly isMarked: boolean };

/** Makes the effect, unless an earlier delivery did; then its mark tells what it left. */
async function makeEffect(app: App, run: Run, { action, actionTypeId, input }: Effect): Promise<Effected> {
  let isMarked = false;
  const mark = (output: Output) => stepMark(run, { actionTypeId, input, output, finishedAt: app.now() });
  const step: Step = {
    app,
    key: stepKeyOf(run),
    round: run.round,
    flowId: run.flowId,
    runId: run.runId,
    actionId: run.actionId ?? '',
    enrolled: enrolledIn(run),
    mark: (output) => {
      isMarked = true;
      return mark(output);
    },
    guard: [enabledSince(run.flowId, run.stamp)],
  };
  try {
    const output = await action.run(input, step);
    return { output, mark, isMarked };
  } catch (error) {
    if (error instanceof AlreadyDone) return { output: outputOf(error), mark, isMarked: true };
    if (error instanceof CrmError && isFinal(error)) throw new StepFailed(error.message, input);
    throw error;
  }
}

/** The step cannot succeed as things are: somebody must look at it. */
class StepFailed extends Error {
  override readonly name = 'StepFailed';
  readonly input: unknown;

  constructor(message: string, input: unknown) {
    super(message);
    this.input = input;
  }
}

/** A mistake in what the flow says or does, not a service that is busy. */
const isFinal = ({ status }: CrmError) => status < 500 && status !== 429;

async function onTrouble(app: App, run: Run, error: unknown): Promise<Run | undefined> {
  if (error instanceof Overtaken) return undefined;
  const end = endOf(error);
  if (!end) {
    await noteAttempt(app, run, error instanceof Error ? error.message : String(error));
    throw error;
  }
  try {
    const tried = { ...run, attempts: run.attempts + 1 };
    return await saveRun(app, ended(tried, end.status, end.why, app.now()));
  } catch (overtaken) {
    if (overtaken instanceof Overtaken) return undefined;
    throw overtaken;
  }
}

function endOf(error: unknown): { status: 'FAILED' | 'STOPPED'; why: { error: string; input?: unknown } } | undefined {
  if (error instanceof PreconditionFailed) return { status: 'STOPPED', why: { error: 'The flow was switched off' } };
  if (error instanceof StepFailed) return { status: 'FAILED', why: { error: error.message, input: error.input } };
  if (error instanceof CrmError && isFinal(error)) return { status: 'FAILED', why: { error: error.message } };
  return undefined;
}
