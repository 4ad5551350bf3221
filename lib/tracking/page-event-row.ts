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
  return { ...pageEventKey(hutk, id), entity: 'page-event', ...event, expiresAt: expiryAfter(now) };
}
