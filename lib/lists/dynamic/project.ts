import type { App } from '../../core/app.ts';
import { announceJob, findJob, startJob } from '../../jobs/store.ts';
import { StaleRead } from '../../table/contention.ts';
import { inParallel } from '../../table/in-parallel.ts';
import { spreadKind } from '../job-kinds.ts';
import { follow, type Task } from './follow.ts';
import { compile, concerns, type Hop, type Listener, pathsFrom, type Side, sidesOf, type Told } from './listener.ts';
import { reach } from './reach.ts';
import { listenersOf } from './store.ts';

const readsAtOnce = 4;
/** A change that concerns more records of a list than this is spread by a job, so that the events behind it do not wait. */
const mostReached = 200;
/** Lists that set each other off stop after so many turns. Filters that name each other are refused, so that none should. */
const deepestCause = 60;

/**
 * Brings the lists that follow their filters up to these events. The lists are read after the invocation began, so that a list whose
 * filters were set before an event always hears of it; what happened before they were set is the business of the back-fill.
 */
export async function projectLists(app: App, events: readonly Told[]): Promise<void> {
  const told = events.filter(({ detail }) => detail.cause.length <= deepestCause);
  const sides = told.flatMap((event) => sidesOf(event).map((side) => ({ event, side })));
  const types = [...new Set(sides.map(({ side }) => side.objectType))];
  const listeners = new Map(
    await inParallel(
      types,
      readsAtOnce,
      async (objectType) => [objectType, await listenersOf(app, objectType)] as const,
    ),
  );
  const ways = sides.flatMap(({ event, side }) =>
    (listeners.get(side.objectType) ?? []).flatMap((listener) => waysOf(event, side, listener)),
  );
  const tasks = await inParallel(distinct(ways), readsAtOnce, (way) => tasksOf(app, way));
  await follow(app, tasks.flat());
}

/** From a record that something happened to, to the records of a list that it concerns. */
type Way = { readonly event: Told; readonly side: Side; readonly listener: Listener; readonly path: readonly Hop[] };

function waysOf(event: Told, side: Side, listener: Listener): Way[] {
  const { objectType } = side;
  return compile(listener)
    .places.filter((place) => place.objectType === objectType && concerns(place, event, side))
    .flatMap((place) => pathsFrom(place, event).map((path) => ({ event, side, listener, path })));
}

/** Several events of a batch that lead the same way are one. */
const distinct = (ways: readonly Way[]): Way[] => [
  ...new Map(
    ways.map((way) => [JSON.stringify([way.listener.listId, way.side.objectType, way.side.id, way.path]), way]),
  ).values(),
];

async function tasksOf(app: App, { event, side, listener, path }: Way): Promise<Task[]> {
  const cause = [...event.detail.cause, event.detail.id];
  const ids = await reach(app, side, path, mostReached);
  if (ids) return [...ids].map((id) => ({ listener, id, cause }));
  await spread(app, { event, side, listener, path });
  return [];
}

/** The event's id is the job's: an event that is delivered again starts no second one. */
async function spread(app: App, { event, side, listener, path }: Way): Promise<void> {
  const { listId, generation } = listener;
  const hops = path.map(({ by, toObjectType }) => `${by[0]}${toObjectType}`).join('.');
  const id = `${spreadKind}.${event.detail.id}.${listId}.${side.objectType}.${side.id}.${hops}`;
  const from = { objectType: side.objectType, id: side.id };
  const cause = [...event.detail.cause, event.detail.id];
  try {
    await startJob(app, { kind: spreadKind, id, input: { listId, generation, from, path, cause } });
  } catch (error) {
    const job = error instanceof StaleRead ? await findJob(app, id) : undefined;
    if (!job) throw error;
    await announceJob(job);
  }
}
