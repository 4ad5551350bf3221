import { encodeTime } from 'ulid';
import type { Mark } from '../table/once.ts';
import { pageEventKey } from '../table/tracking-keys.ts';
import { chanceOf } from './event-id.ts';
import { expiryAfter } from './visitor-store.ts';

export type WaitingEvent = {
  /** By which it is known to be the same when it comes again. */
  readonly eventId: string;
  readonly name: string;
  readonly occurredAt: string;
  readonly properties: Readonly<Record<string, string | number | boolean>>;
};

/** A custom event of a visitor waits with it until there is a contact to tell it of, for thirteen months at most. */
export function waitingEventRow(hutk: string, event: WaitingEvent, now: string): Mark {
  const id = `${encodeTime(Date.parse(event.occurredAt), 10)}${chanceOf(event.eventId)}`;
  // As pairs of texts: a name of a page's own making (`constructor`) cannot be a name in a stored map, nor can every number be stored.
  const properties = Object.entries(event.properties).map(([name, value]) => ({ name, value: String(value) }));
  return { ...pageEventKey(hutk, id), entity: 'page-event', ...event, properties, expiresAt: expiryAfter(now) };
}
