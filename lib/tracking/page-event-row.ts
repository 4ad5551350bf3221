import { createHash } from 'node:crypto';
import { encodeTime } from 'ulid';
import type { Mark } from '../table/once.ts';
import { pageEventKey } from '../table/tracking-keys.ts';
import { expiryAfter } from './visitor-store.ts';

export type WaitingEvent = {
  /** By which it is known to be the same when it comes again. */
  readonly eventId: string;
  readonly name: string;
  readonly occurredAt: string;
  readonly properties: Readonly<Record<string, string | number | boolean>>;
};

const chance = (eventId: string) => createHash('sha256').update(eventId).digest('hex').slice(0, 16).toUpperCase();

/** A custom event of a visitor waits with it until there is a contact to tell it of, for thirteen months at most. */
export function waitingEventRow(hutk: string, event: WaitingEvent, now: string): Mark {
  const id = `${encodeTime(Date.parse(event.occurredAt), 10)}${chance(event.eventId)}`;
  return { ...pageEventKey(hutk, id), entity: 'page-event', ...event, expiresAt: expiryAfter(now) };
}
