import * as z from 'zod/mini';
import type { RequestFacts } from './handle.ts';

/** HubSpot's forward paging. The key is absent on the last page: clients test it for truth. */
export const Paging = z.object({ next: z.object({ after: z.string(), link: z.string() }) });
export type Paging = z.output<typeof Paging>;

type Asked = Pick<RequestFacts, 'origin' | 'url'>;

/** The body of one page. `after` is where the next one starts. */
export const pageOf = <T>(results: T[], after: string | undefined, asked: Asked) => ({
  results,
  ...nextPage(after, asked),
});

/** The `paging` of a page that has a next one. The link is absolute because some clients follow it as it is. */
export function nextPage(after: string | undefined, { origin, url }: Asked): { paging?: Paging } {
  if (after === undefined) return {};
  const link = new URL(url, origin);
  link.searchParams.set('after', after);
  return { paging: { next: { after, link: link.href } } };
}

/** One page of a list that is in memory, sorted by id: the items after the cursor, and the cursor of the next page. */
export function sliceOf<T extends { readonly id: string }>(
  items: readonly T[],
  after: string | undefined,
  limit: number,
) {
  const rest = after === undefined ? items : items.filter(({ id }) => id > after);
  const results = rest.slice(0, limit);
  return { results, after: rest.length > limit ? results.at(-1)?.id : undefined };
}

/** A `limit` of a query string: a whole number between 1 and `most`. (`z.coerce` would bring 25 KB more into each bundle.) */
export const limitUpTo = (most: number) =>
  z.pipe(
    z.string().check(z.regex(/^\d{1,9}$/, 'must be a whole number')),
    z.pipe(z.transform(Number), z.int().check(z.minimum(1), z.maximum(most))),
  );

/** The same with what HubSpot takes when none is given. */
export const limitOf = (usual: number, most: number) => z._default(limitUpTo(most), usual);

/** The longest cursor of a page: it becomes part of a key, and DynamoDB's keys have at most 1,024 bytes. */
const longestCursor = 500;

/** An `after` of a query string. */
export const cursor = z
  .string()
  .check(z.refine((text) => Buffer.byteLength(text) <= longestCursor, 'is not a cursor of this API'));

/** A flag of a query string. */
export const flag = z._default(
  z.pipe(
    z.enum(['true', 'false']),
    z.transform((text) => text === 'true'),
  ),
  false,
);
