import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { mayAccess, requireAccess } from '../core/scopes.ts';
import { dayListing, eventKey } from '../table/keys.ts';
import { LoggedEvent } from './event-entry.ts';

export type ActivityQuery = {
  /** Who did it, by id. */
  readonly actor?: string | undefined;
  readonly objectType?: string | undefined;
  /** The range of time, from inclusive to exclusive, in UTC. */
  readonly from: string;
  readonly to: string;
  /** Where the page before ended. */
  readonly after?: string | undefined;
  readonly limit: number;
};

const dayMs = 24 * 60 * 60 * 1000;
const longestDays = 92;
const perQuery = 300;
/** Queries for one page at most: a page of somebody who does little may be short, or empty, and still have a next one. */
const mostQueries = 12;

/** A day, and the last event of it that was looked at. */
type Place = { readonly day: string; readonly eventId?: string | undefined };

const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);
const dayBefore = (day: string) => dayOf(Date.parse(day) - dayMs);

const textOfPlace = ({ day, eventId }: Place) => (eventId ? `${day}.${eventId}` : day);

function placeOf(after: string): Place {
  const [, day, eventId] = /^(\d{4}-\d{2}-\d{2})(?:\.([0-9A-Z]{26}))?$/.exec(after) ?? [];
  if (day && !Number.isNaN(Date.parse(day))) return { day, eventId };
  throw new CrmError('VALIDATION_ERROR', `after: ${after} is no cursor of activities`, { context: { after: [after] } });
}

/**
 * What was done in a range of at most 92 days, newest first, from the log's listing by days; with records of types that the token may
 * read. @throws CrmError 400, 403 when it asks for another type
 */
export async function readActivity(
  app: App,
  query: ActivityQuery,
): Promise<{ readonly events: LoggedEvent[]; readonly after?: string }> {
  const first = checkedStart(query);
  if (query.objectType !== undefined) requireAccess(app, [query.objectType], 'read');
  const events: LoggedEvent[] = [];
  let place: Place = query.after ? placeOf(query.after) : { day: dayOf(Date.parse(query.to) - 1) };
  for (let queries = 0; place.day >= first; queries += 1) {
    if (queries === mostQueries) return { events, after: textOfPlace(place) };
    const { items, lastKey } = await eventsOfDay(app, place);
    for (const event of items) {
      if (place.eventId && event.detail.id >= place.eventId) continue;
      if (events.length === query.limit) return { events, after: textOfPlace(place) };
      place = { day: place.day, eventId: event.detail.id };
      if (fits(query, event) && mayAccess(app, event.detail.objectType, 'read')) events.push(event);
    }
    if (!lastKey) place = { day: dayBefore(place.day) };
  }
  return { events };
}

/** The first day of the range. */
function checkedStart({ from, to }: ActivityQuery): string {
  const days = (Date.parse(to) - Date.parse(from)) / dayMs;
  if (days > 0 && days <= longestDays) return dayOf(Date.parse(from));
  throw new CrmError('VALIDATION_ERROR', `from and to: a range of more than 0 and at most ${longestDays} days`, {
    context: { from: [from], to: [to] },
  });
}

function eventsOfDay(app: App, { day, eventId }: Place) {
  const pk = dayListing(day);
  return app.table.query(
    { pk, index: 'gsi1', descending: true, limit: perQuery, ...(eventId && { startAfter: keyIn(pk, eventId) }) },
    LoggedEvent,
  );
}

/** The event's own key is not known: the listing goes on at its place, and may tell the event itself once more. */
const keyIn = (pk: string, eventId: string) => ({
  ...eventKey({ objectType: '', id: '' }, eventId),
  gsi1pk: pk,
  gsi1sk: eventId,
});

function fits({ actor, objectType, from, to }: ActivityQuery, { detail }: LoggedEvent): boolean {
  return (
    detail.occurredAt >= from &&
    detail.occurredAt < to &&
    (actor === undefined || detail.actor.id === actor) &&
    (objectType === undefined || detail.objectType === objectType)
  );
}
