import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { firstIdOf } from '../core/ids.ts';
import { inParallel } from '../table/in-parallel.ts';
import { associationKey, associationPrefix, eventKey, eventPrefix, type RecordRef } from '../table/keys.ts';
import { isDealing, type Kind, kindOf, LoggedEvent } from './event-entry.ts';
import { byNewest, eventBound, eventPosition, isEvent, type Position, recordPosition } from './position.ts';
import type { PageView } from './visits.ts';

/** The kind of the records that are activities, by object type. */
export const activityKinds: Readonly<Record<string, Kind>> = {
  '0-46': 'note',
  '0-49': 'email',
  '0-48': 'call',
  '0-47': 'meeting',
  '0-27': 'task',
  '0-18': 'communication',
  '0-116': 'postal_mail',
};

/** Something for a timeline: an event of a log, an activity, which is a record of its own, or a page that was seen. */
export type Found = { readonly position: Position; readonly kind: Kind; readonly via?: RecordRef } & (
  | { readonly event: LoggedEvent }
  | { readonly activity: RecordRef }
  | { readonly view: PageView }
);

/** `lookedTo`: older things were not looked at, because the page was full or the work of a request is done. */
type Read = { readonly found: readonly Found[]; readonly lookedTo?: Position };
export type Source = (after: Position | undefined, limit: number) => Promise<Read>;

/** Queries that one source makes for a page at most: a log of many changes that are not asked for is read on by the next page. */
const mostQueries = 4;
const readsAtOnce = 8;

/** The log of a record. `via` marks a record that is associated with the one whose timeline it is: only dealings are taken over. */
export const logSource =
  (app: App, ref: RecordRef, wanted: (kind: Kind) => boolean, via?: RecordRef): Source =>
  async (after, limit) => {
    const found: Found[] = [];
    let bound = after && eventBound(after);
    for (let queries = 0; queries < mostQueries; queries += 1) {
      const page = await app.table.query(
        {
          pk: eventKey(ref, '').pk,
          prefix: eventPrefix,
          descending: true,
          limit: limit + 1,
          ...(bound !== undefined && { startAfter: eventKey(ref, bound) }),
        },
        LoggedEvent,
      );
      for (const event of page.items) {
        const kind = kindOf(event);
        if (!wanted(kind) || (via && !isDealing(kind))) continue;
        found.push({ position: eventPosition(event.detail.id), kind, event, ...(via && { via }) });
      }
      const last = page.items.at(-1);
      if (!page.lastKey || !last) return { found };
      bound = last.detail.id;
      if (found.length > limit) break;
    }
    return { found, ...(bound !== undefined && { lookedTo: eventPosition(bound) }) };
  };

const Pair = z.object({ toId: z.string() });

/** The activities of one type that are associated with a record, newest first: a record's id tells when it was made. */
export const activitySource =
  (app: App, ref: RecordRef, objectType: string, kind: Kind, via?: RecordRef): Source =>
  async (after, limit) => {
    const bound = after && (isEvent(after) ? firstIdOf(after.at) : after.id);
    const page = await app.table.query(
      {
        pk: associationKey(ref, ref).pk,
        prefix: associationPrefix(objectType),
        descending: true,
        limit: limit + 1,
        ...(bound !== undefined && { startAfter: associationKey(ref, { objectType, id: bound }) }),
      },
      Pair,
    );
    const found = page.items.map(({ toId }) => ({
      position: recordPosition(toId),
      kind,
      activity: { objectType, id: toId },
      ...(via && { via }),
    }));
    const last = found.at(-1);
    return { found, ...(page.lastKey && last && { lookedTo: last.position }) };
  };

/**
 * The newest `limit` things of all sources after a position. A source that did not look far enough holds back what is older than it
 * has looked: the next page begins there, so that nothing is left out and nothing comes twice.
 */
export async function newestOf(
  sources: readonly Source[],
  after: Position | undefined,
  limit: number,
): Promise<{ readonly found: readonly Found[]; readonly after?: Position }> {
  const reads = await inParallel(sources, readsAtOnce, (source) => source(after, limit));
  const horizon = reads.flatMap(({ lookedTo }) => lookedTo ?? []).toSorted(byNewest)[0];
  const all = distinct(reads.flatMap(({ found }) => found)).toSorted((a, b) => byNewest(a.position, b.position));
  const known = horizon ? all.filter(({ position }) => byNewest(position, horizon) <= 0) : all;
  const found = known.slice(0, limit);
  const last = found.at(-1)?.position;
  if (known.length > limit && last) return { found, after: last };
  return horizon ? { found, after: horizon } : { found };
}

/**
 * An activity that is associated with the record itself and with one of its associated records is shown once, as the record's own; so is an
 * answer that is about the record and stands in the log of a contact, too.
 */
function distinct(all: readonly Found[]): Found[] {
  const byId = new Map<string, Found>();
  for (const each of all) {
    const known = byId.get(each.position.id);
    if (!known || (known.via && !each.via)) byId.set(each.position.id, each);
  }
  return [...byId.values()].filter((each) => !('event' in each) || !byId.has(String(each.event.detail.submissionId)));
}
