import * as z from 'zod/mini';
import type { App } from '../../core/app.ts';
import { dueWrite } from '../../due/due.ts';
import { CrmRecord } from '../../objects/record.ts';
import { absentOrBelow, attributes, versionIs } from '../../table/conditions.ts';
import { pause, StaleRead } from '../../table/contention.ts';
import { commitGroups } from '../../table/groups.ts';
import { inParallel } from '../../table/in-parallel.ts';
import { recordKey } from '../../table/keys.ts';
import { memberKey } from '../../table/list-keys.ts';
import { listStateKey } from '../../table/list-state-keys.ts';
import { AlreadyDone, PreconditionFailed } from '../../table/once.ts';
import { alsoStep, orStale, type Step } from '../../table/steps.ts';
import { always } from '../filters/answer.ts';
import { evaluate } from '../filters/evaluate.ts';
import { addSteps, removeSteps } from '../members.ts';
import { compile, type Listener } from './listener.ts';
import { loadView } from './load.ts';

/** One record for one list. `cause`: the events that led here. `quiet`: no flow begins when it comes in. */
export type Task = {
  readonly listener: Listener;
  readonly id: string;
  readonly cause: readonly string[];
  readonly quiet?: boolean;
};

/** What was found the last time. The row outlives the membership, so that no turn comes twice. */
export const State = z.object({
  pk: z.string(),
  sk: z.string(),
  turn: z.number(),
  generation: z.number(),
  /** When time alone may change the answer. */
  dueAt: z.optional(z.string()),
});
export type State = z.output<typeof State>;

const mostTries = 20;
const perRound = 100;
const readsAtOnce = 8;
/** A state of a record that is gone for good is kept as long as events of it may still come. */
const keptSeconds = 30 * 24 * 60 * 60;

/**
 * Brings lists up to date with records as they are now. Each task reads the state row, then everything that the filters look at, and
 * commits what it decided under the condition that the state's turn is still the one that it read. Of two that work on one record,
 * the one that commits last has therefore read after the other one's commit: it does not matter how often, in which order or by
 * how many processes at once this is done, and the last event's task or a later one has the last word.
 *
 * Filters that look at the record alone have its version for a turn: a decision is committed under the condition that the record is still
 * the one that was read, so whoever changes nothing need write nothing. That holds for a list's first filters; after a change of them a
 * task with the former ones must find that it is late, by the generation in the state row, which is then always written.
 */
export async function follow(app: App, tasks: readonly Task[]): Promise<void> {
  const distinct = [...new Map(tasks.map((task) => [`${task.listener.listId}\n${task.id}`, task])).values()];
  for (let start = 0; start < distinct.length; start += perRound) {
    let left: readonly Task[] = distinct.slice(start, start + perRound);
    for (let tries = 0; left.length > 0; tries += 1) {
      if (tries === mostTries) throw new StaleRead('Others looked at the same records for the same lists all the time');
      if (tries > 0) await pause(tries);
      left = await round(app, left);
    }
  }
}

const nameOf = ({ pk, sk }: { readonly pk: string; readonly sk: string }) => `${pk}\n${sk}`;
const refOf = ({ listener, id }: Task) => ({ objectType: listener.objectTypeId, id });

/** What a task is in for a decision. */
type Found = {
  readonly task: Task;
  readonly state: State | undefined;
  readonly record: CrmRecord | undefined;
  readonly isMember: boolean;
};

/** Returns the tasks that somebody came between. */
async function round(app: App, tasks: readonly Task[]): Promise<Task[]> {
  const found = await read(app, tasks);
  const groups = await inParallel(found, readsAtOnce, (each) => decide(app, each));
  const outcomes = await commitGroups(app.table, groups);
  return tasks.filter((_, position) => {
    const error = outcomes[position];
    if (!error) return false;
    const late = error instanceof StaleRead || error instanceof AlreadyDone || error instanceof PreconditionFailed;
    if (!late) throw error;
    return true;
  });
}

const Member = z.object({ pk: z.string(), sk: z.string() });

/** The states first: what is read after them is at least as new. */
async function read(app: App, tasks: readonly Task[]): Promise<Found[]> {
  const states = await app.table.getMany(
    tasks.map((task) => listStateKey(refOf(task), task.listener.listId)),
    State,
  );
  const [records, members] = await Promise.all([
    app.table.getMany(
      tasks.map((task) => recordKey(refOf(task))),
      CrmRecord,
    ),
    app.table.getMany(
      tasks.map(({ listener, id }) => memberKey(listener.listId, id)),
      Member,
    ),
  ]);
  const stateOf = new Map(states.map((state) => [nameOf(state), state]));
  const recordOf = new Map(records.map((record) => [nameOf(recordKey(record)), record]));
  const memberNames = new Set(members.map(nameOf));
  return tasks.map((task) => ({
    task,
    state: stateOf.get(nameOf(listStateKey(refOf(task), task.listener.listId))),
    record: recordOf.get(nameOf(recordKey(refOf(task)))),
    isMember: memberNames.has(nameOf(memberKey(task.listener.listId, task.id))),
  }));
}

async function decide(app: App, found: Found): Promise<Step[]> {
  const { task, state, record, isMember } = found;
  const { listener } = task;
  if (state && state.generation > listener.generation) return [];
  if (!record && !state && !isMember) return [];
  const { branch, needs, ofRecordAlone } = compile(listener);
  const isLive = record !== undefined && record.archivedAt === undefined;
  const now = Date.parse(app.now());
  const { met, until } = isLive ? evaluate(branch, await loadView(app, record, needs), now) : always(false);
  const dueAt = Number.isFinite(until) ? new Date(until).toISOString() : undefined;
  const isNews = met !== isMember || dueAt !== state?.dueAt;
  const isKnown = listener.generation === (state?.generation ?? 1);
  if (!isNews && isKnown && ofRecordAlone) return [];
  return stepsOf(app, found, { met, dueAt });
}

async function stepsOf(
  app: App,
  { task, state, record, isMember }: Found,
  { met, dueAt }: { readonly met: boolean; readonly dueAt: string | undefined },
): Promise<Step[]> {
  const { listener, id, cause, quiet = false } = task;
  const { listId, objectTypeId } = listener;
  const key = listStateKey(refOf(task), listId);
  const seconds = Math.floor(Date.parse(app.now()) / 1000);
  const row = {
    ...key,
    entity: 'list-state',
    turn: (state?.turn ?? 0) + 1,
    generation: listener.generation,
    ...(dueAt !== undefined && { dueAt }),
    ...(!record && { expiresAt: seconds + keptSeconds }),
  };
  // A row whose time is over may still lie there.
  const unchanged = state ? attributes({ turn: state.turn }) : absentOrBelow('expiresAt', seconds + 1);
  const version =
    record && compile(listener).ofRecordAlone ? [{ check: recordKey(record), when: versionIs(record.version) }] : [];
  const asCaused = { ...app, cause: [...cause] };
  const change = met ? addSteps(asCaused, listener, id, { quiet }) : removeSteps(asCaused, listener, id);
  const due = { queue: 'list-checks', body: { listId, objectType: objectTypeId, recordId: id, dueAt } } as const;
  return [
    ...version.map(alsoStep),
    orStale({ put: row, when: unchanged }),
    // The version of the record says that it lives, too.
    ...(met === isMember ? [] : change).filter(({ write }) => version.length === 0 || !('check' in write)),
    ...(dueAt === undefined || dueAt === state?.dueAt
      ? []
      : [orStale(await dueWrite(app, dueAt, `list#${listId}#${objectTypeId}#${id}`, due))]),
  ];
}

/** What was found the last time that a record was looked at for a list. */
export const findState = (app: App, objectType: string, id: string, listId: string): Promise<State | undefined> =>
  app.table.get(listStateKey({ objectType, id }, listId), State);
