import * as z from 'zod/mini';
import type { RecordRef } from '../table/keys.ts';
import type { Output } from './facts.ts';

export const RunStatus = z.enum(['RUNNING', 'WAITING', 'COMPLETED', 'FAILED', 'STOPPED']);
export type RunStatus = z.output<typeof RunStatus>;

/**
 * One record's way through a flow. `revisionId` is the definition that it follows to its end, whatever is edited meanwhile; `stamp` is
 * the enablement that it began under: when the flow's is another one, the run ends.
 */
export const Run = z.object({
  flowId: z.string(),
  runId: z.string(),
  revisionId: z.string(),
  stamp: z.string(),
  objectType: z.string(),
  recordId: z.string(),
  status: RunStatus,
  /** The step to be taken next, or the one that failed. */
  actionId: z.optional(z.string()),
  /** How many steps came before: a step that a loop takes again is another step. */
  visit: z.number(),
  /** How often it was retried by hand. */
  round: z.number(),
  version: z.number(),
  /** Tries of the step to be taken next that did not succeed, and why the last did not. */
  attempts: z.number(),
  lastError: z.optional(z.string()),
  outputs: z.record(z.string(), z.record(z.string(), z.unknown())),
  eventId: z.string(),
  eventType: z.string(),
  cause: z.array(z.string()),
  startedAt: z.string(),
  updatedAt: z.string(),
  endedAt: z.optional(z.string()),
  dueAt: z.optional(z.string()),
  /** Why it failed or was stopped, and what the failed step would have done. */
  error: z.optional(z.string()),
  input: z.optional(z.unknown()),
});
export type Run = z.output<typeof Run>;

/** A step that was taken. It is also the mark by which it is not taken twice. */
export const RunStep = z.object({
  actionId: z.string(),
  actionTypeId: z.string(),
  visit: z.number(),
  input: z.optional(z.unknown()),
  output: z.record(z.string(), z.unknown()),
  attempts: z.number(),
  finishedAt: z.string(),
});
export type RunStep = z.output<typeof RunStep>;

/** An event enrols a record in a flow at most once: event ids are unique, rise with time, and so do the ids of runs. */
export const runIdOf = (eventId: string, recordId: string) => `${eventId}-${recordId}`;

export const enrolledIn = ({ objectType, recordId }: Pick<Run, 'objectType' | 'recordId'>): RecordRef => ({
  objectType,
  id: recordId,
});

/** Names the step to be taken next for all time; the number sorts the steps. */
export const stepName = ({ visit, actionId }: Pick<Run, 'visit' | 'actionId'>) =>
  `${String(visit).padStart(6, '0')}#${actionId}`;

/** The idempotency key of the next step's effects outside the table. SES allows letters, digits, `_` and `-` in a tag. */
export const stepKeyOf = ({ flowId, runId, visit }: Pick<Run, 'flowId' | 'runId' | 'visit'>) =>
  `${flowId}-${runId}-${visit}`;

export const hasEnded = ({ status }: Pick<Run, 'status'>) =>
  status === 'COMPLETED' || status === 'FAILED' || status === 'STOPPED';

/** Clocks of two machines differ; a due message that seems early by less than this is not early. */
const clockSkewMs = 5000;

/** Whether a message may bring the run forward now. */
export const mayProceed = ({ status, dueAt }: Pick<Run, 'status' | 'dueAt'>, now: string): boolean =>
  status === 'RUNNING' || (status === 'WAITING' && Date.parse(dueAt ?? now) <= Date.parse(now) + clockSkewMs);

type StartOf = Pick<
  Run,
  'flowId' | 'revisionId' | 'stamp' | 'objectType' | 'recordId' | 'eventId' | 'eventType' | 'cause' | 'actionId'
>;

export const newRun = (start: StartOf, now: string): Run => ({
  ...start,
  runId: runIdOf(start.eventId, start.recordId),
  status: 'RUNNING',
  visit: 0,
  round: 0,
  version: 1,
  attempts: 0,
  outputs: {},
  startedAt: now,
  updatedAt: now,
});

const changed = (run: Run, now: string) => ({ ...run, version: run.version + 1, updatedAt: now });

/** The run after the step that it was to take; it is at its end when no other follows. */
export function afterStep(
  run: Run,
  { output, next, until }: { output: Output; next: string | undefined; until?: string | undefined },
  now: string,
): Run {
  const { dueAt: _, lastError: __, actionId, ...rest } = changed(run, now);
  const outputs = actionId === undefined ? rest.outputs : { ...rest.outputs, [actionId]: { ...output } };
  const on = { ...rest, outputs, visit: run.visit + 1, attempts: 0, ...(next !== undefined && { actionId: next }) };
  if (until !== undefined) return { ...on, status: 'WAITING', dueAt: until };
  return next === undefined ? { ...on, status: 'COMPLETED', endedAt: now } : { ...on, status: 'RUNNING' };
}

/** The run at its end. A failed one stays at the step that failed, to be retried. */
export function ended(
  run: Run,
  status: 'COMPLETED' | 'FAILED' | 'STOPPED',
  why: { error?: string; input?: unknown },
  now: string,
): Run {
  const { dueAt: _, ...rest } = changed(run, now);
  return { ...rest, status, endedAt: now, ...why };
}

/** A failed run on its way again, under the flow as it is now. */
export function retried(run: Run, flow: Pick<Run, 'stamp' | 'revisionId'>, now: string): Run {
  const { error: _, endedAt: __, lastError: ___, input: ____, ...rest } = changed(run, now);
  return { ...rest, ...flow, status: 'RUNNING', round: run.round + 1, attempts: 0 };
}

export const PublicRun = z.object({
  id: z.string(),
  flowId: z.string(),
  revisionId: z.string(),
  status: RunStatus,
  objectTypeId: z.string(),
  objectId: z.string(),
  startedAt: z.string(),
  updatedAt: z.string(),
  endedAt: z.optional(z.string()),
  dueAt: z.optional(z.string()),
  currentActionId: z.optional(z.string()),
  attempts: z.number(),
  error: z.optional(z.string()),
});

export const PublicStep = z.object({
  actionId: z.string(),
  actionTypeId: z.string(),
  status: z.enum(['DONE', 'FAILED', 'PENDING']),
  attempts: z.number(),
  input: z.optional(z.unknown()),
  output: z.optional(z.record(z.string(), z.unknown())),
  error: z.optional(z.string()),
  finishedAt: z.optional(z.string()),
});

/** The run as the API shows it: one that began under another enablement has been stopped, even if nobody came by to say so. */
export function toPublicRun(run: Run, stamp: string | undefined): z.input<typeof PublicRun> {
  const stopped = !hasEnded(run) && run.stamp !== stamp;
  const error = run.error ?? run.lastError;
  return {
    id: run.runId,
    flowId: run.flowId,
    revisionId: run.revisionId,
    status: stopped ? 'STOPPED' : run.status,
    objectTypeId: run.objectType,
    objectId: run.recordId,
    startedAt: run.startedAt,
    updatedAt: run.updatedAt,
    attempts: run.attempts,
    ...(run.endedAt !== undefined && { endedAt: run.endedAt }),
    ...(run.dueAt !== undefined && !stopped && { dueAt: run.dueAt }),
    ...(run.actionId !== undefined && run.status !== 'COMPLETED' && { currentActionId: run.actionId }),
    ...(error !== undefined && { error }),
  };
}

/** The steps that were taken, and the one that is being tried or has failed. */
export function toPublicSteps(
  run: Run,
  steps: readonly RunStep[],
  typeOf: (actionId: string) => string,
): z.input<typeof PublicStep>[] {
  const done = steps.map(({ visit: _, ...step }) => ({ ...step, status: 'DONE' as const }));
  const isCurrent = run.actionId !== undefined && (run.status === 'FAILED' || run.status === 'RUNNING');
  if (!isCurrent || run.actionId === undefined || steps.some(({ visit }) => visit === run.visit)) return done;
  const error = run.error ?? run.lastError;
  const current = {
    actionId: run.actionId,
    actionTypeId: typeOf(run.actionId),
    status: run.status === 'FAILED' ? ('FAILED' as const) : ('PENDING' as const),
    attempts: run.attempts,
    ...(run.input !== undefined && { input: run.input }),
    ...(error !== undefined && { error }),
  };
  return [...done, current];
}
