import type { Delivered } from '../../events/define.ts';
import { send } from '../aws/queue.ts';
import type { App } from '../core/app.ts';
import type { Happening } from '../lists/filters/unified-events.ts';
import { readRecord } from '../objects/read-store.ts';
import { contend, StaleRead } from '../table/contention.ts';
import type { RecordRef } from '../table/keys.ts';
import { criteriaWant, enrolment, happeningOf } from './criteria.ts';
import type { FilterFacts } from './filters.ts';
import { readSubmittedForms } from './load-facts.ts';
import { ended, newRun, type Run } from './run.ts';
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
  const facts = await factsFor(app, { objectType: detail.objectType, id: detail.recordId }, others);
  if (!facts) return [];
  const runs: Run[] = [];
  for (const listener of others) {
    const run = await startOne(app, listener, { event, happening, facts });
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

type Occasion = { readonly event: Delivered; readonly happening: Happening; readonly facts: FilterFacts };

/** The run that has a message coming, if the event enrols the record. */
async function startOne(app: App, listener: Listener, { event, happening, facts }: Occasion): Promise<Run | undefined> {
  const answer = enrolment(listener.criteria, happening, facts);
  if (answer === 'no') return undefined;
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
