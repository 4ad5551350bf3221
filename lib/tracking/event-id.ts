import { createHash } from 'node:crypto';
import { decodeTime, encodeTime } from 'ulid';

const hourMs = 3_600_000;
/** What waited in a browser comes late; a clock that is further off is wrong. */
const oldestMs = 24 * hourMs;
const newestMs = 10 * 60_000;

/** What stands for chance in an id that is made anew: of two ids it is never the same. */
export const chanceOf = (eventId: string) =>
  createHash('sha256').update(eventId).digest('hex').slice(0, 16).toUpperCase();

/**
 * When an event was, by its id, and the id that it lies under. A browser whose clock is wrong is told by the server's time; `moved` then
 * says that its own id must be remembered apart.
 */
export function placed(
  eventId: string,
  now: string,
): { readonly id: string; readonly at: string; readonly moved: boolean } {
  const at = decodeTime(eventId);
  const age = Date.parse(now) - at;
  if (age <= oldestMs && age >= -newestMs) return { id: eventId, at: new Date(at).toISOString(), moved: false };
  return { id: `${encodeTime(Date.parse(now), 10)}${chanceOf(eventId)}`, at: now, moved: true };
}

/** After every id that an event which came until now lies under. */
export const afterAllUntil = (now: string): string => `${encodeTime(Date.parse(now) + newestMs, 10)}${'Z'.repeat(16)}`;
