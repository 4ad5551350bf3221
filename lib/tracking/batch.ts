import { decodeTime, encodeTime } from 'ulid';
import * as z from 'zod/mini';

/** HubSpot's cookie: 32 hexadecimal digits. */
export const Hutk = z.string().check(z.regex(/^[0-9a-f]{32}$/, 'is not a tracking cookie'));

const longestAddress = 2000;
const address = z.string().check(z.maxLength(longestAddress));
const id = z.string().check(z.regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'is not a ULID'));
const word = z.string().check(z.minLength(1), z.maxLength(250));

const View = z.object({
  type: z.literal('view'),
  id,
  url: address,
  referrer: z.optional(address),
  title: z.optional(z.string().check(z.maxLength(1000))),
});
const Event = z.object({
  type: z.literal('event'),
  id,
  name: word,
  properties: z._default(z.record(word, z.union([z.string().check(z.maxLength(1000)), z.number(), z.boolean()])), {}),
});
const Identify = z.object({ type: z.literal('identify'), id, email: z.string().check(z.maxLength(254)) });

/** What a page sends: at most 20 things of one visitor. Things that nobody understands make the whole batch void. */
export const Batch = z.object({
  hutk: Hutk,
  /** What a link in a mail told of the visitor, as the page found it in its address. */
  identity: z.optional(z.string().check(z.maxLength(1000))),
  events: z.array(z.discriminatedUnion('type', [View, Event, Identify])).check(z.minLength(1), z.maxLength(20)),
});
export type Batch = z.output<typeof Batch>;
export type ViewEvent = z.output<typeof View>;
export type PageEvent = z.output<typeof Event>;

const hourMs = 3_600_000;
/** What waited in a browser comes late; a clock that is further off is wrong. */
const oldestMs = 24 * hourMs;
const newestMs = 10 * 60_000;

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
  return { id: `${encodeTime(Date.parse(now), 10)}${eventId.slice(10)}`, at: now, moved: true };
}

/** @returns undefined for a body that is no batch */
export function readBatch(text: string): Batch | undefined {
  try {
    return Batch.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
