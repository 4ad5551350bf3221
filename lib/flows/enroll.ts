import * as z from 'zod/mini';
import type { Delivered } from '../../events/define.ts';
import { send } from '../aws/queue.ts';
import type { App } from '../core/app.ts';
import { readRecord } from '../objects/read-store.ts';
import { contend, StaleRead } from '../table/contention.ts';
import { enrolledKey, type RecordRef } from '../table/keys.ts';
import { criteriaWant, enrolment, happeningOf } from './criteria.ts';
import type { FilterFacts } from './filters.ts';
import { readSubmittedForms } from './load-facts.ts';
import { ended, newRun, type Run, runIdOf } from './run.ts';
import { startRun } from './run-store.ts';
import { type Listener, listenersOf } from './store.ts';

/** Flows that set each other off stop after this many turns. */
const deepestCause = 20;

/**
 * Brings the record of an event into the flows that wait for it. Each run exists before its message is sent, and a message that comes
 * again finds the run and sends again, so that no run is lost and none is doubled.
 */
export async function enroll(app: App, event: Delivered): Promise<void> {
  if (event.detail.quiet === true || event.detail.suppressFlows) return;
  const runs = await contend(() => startAll(app, event));
  await send(
    'flow-steps',
    runs.map(({ flowId, runId }) => ({ flowId, runId })),
  );
}

async function startAll(app: App, event: Delivered): Promise<Run[]> {
  const { detail } = event;
  const listeners = await listenersOf(app, detail.objectType);
  const others = listeners.filter(({ flowId }) => !(detail.actor.kind === 'flow' && detail.actor.id === flowId));
  if (others.length === 0) return [];
  const happening = happeningOf(event);
  const record = { objectType: detail.objectType, id: detail.recordId };
  const facts = await factsFor(app, record, others);
  if (!facts) return [];
  const asked = others.flatMap((listener) => {
    const answer = enrolment(listener.criteria, happening, facts);
    return answer === 'no' ? [] : [{ listener, answer }];
  });
  const before = await enrolledBefore(
    app,
    record,
    asked.flatMap(({ listener, answer }) => (answer === 'once' ? [listener.flowId] : [])),
  );
  const runs: Run[] = [];
  for (const { listener, answer } of asked) {
    const earlier = before.get(enrolledKey(listener.flowId, record).pk);
    if (earlier !== undefined && earlier !== runIdOf(detail.id, detail.recordId)) continue;
    const run = await startOne(app, listener, event, answer);
    if (run) runs.push(run);
  }
  return runs;
}

/** One read of the record serves all flows; undefined when it is gone. */
async function factsFor(app: App, record: RecordRef, listeners: readonly Listener[]): Promise<FilterFacts | undefined> {
  const wanted = listeners.map(({ criteria }) => criteriaWant(criteria));
  const [stored, submittedForms] = await Promise.all([
    wanted.some((want) => want.record) ? readRecord(app, record.objectType, record) : { properties: {} },
    wanted.some((want) => want.submittedForms) ? readSubmittedForms(app, record) : new Set<string>(),
  ]);
  return stored && { now: app.now(), properties: stored.properties, submittedForms };
}

const Enrolled = z.object({ pk: z.string(), runId: z.string() });

/**
 * The runs by which the record came into flows that take it once, by the flow's partition. Most events are of records that were in all of them: one read
 * tells, where a refused transaction for each would cost ten times as much. Who comes in meanwhile is seen by the transaction.
 */
async function enrolledBefore(
  app: App,
  record: RecordRef,
  flowIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const keys = flowIds.map((flowId) => enrolledKey(flowId, record));
  return new Map((await app.table.getMany(keys, Enrolled)).map(({ pk, runId }) => [pk, runId]));
}

/** The run that has a message coming, if the event enrols the record. */
async function startOne(
  app: App,
  listener: Listener,
  event: Delivered,
  answer: 'once' | 'again',
): Promise<Run | undefined> {
  const { flowId, revisionId, stamp, startActionId } = listener;
  const { detail } = event;
  const of = {
    objectType: detail.objectType,
    recordId: detail.recordId,
    eventId: detail.id,
    eventType: event['detail-type'],
  };
  const start = {
    flowId,
    revisionId,
    stamp,
    ...of,
    cause: [...app.cause],
    ...(startActionId && { actionId: startActionId }),
  };
  const now = app.now();
  const run = newRun(start, now);
  const tooDeep = app.cause.length > deepestCause;
  const error = `Flows set each other off ${deepestCause} times: the chain ends here`;
  const started = await startRun(app, tooDeep ? ended(run, 'FAILED', { error }, now) : run, {
    again: answer === 'again',
  });
  if (started === 'FLOW_CHANGED') {
    await listenersOf(app, detail.objectType, { fresh: true });
    throw new StaleRead('The flow was changed while the record was enrolled');
  }
  return started === 'ENROLLED_BEFORE' || tooDeep ? undefined : run;
}
