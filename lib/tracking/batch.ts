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

/** @returns undefined for a body that is no batch */
export function readBatch(text: string): Batch | undefined {
  try {
    return Batch.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
