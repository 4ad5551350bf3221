import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { CrmError } from '../core/errors.ts';
import type { Position } from './order.ts';

/** HubSpot's cap on a cursor that is a number. */
const mostOffset = 10_000;

/** No filter is narrow enough: the pages after the first need not try. */
export const walking = -1;

/** Where a page of a search begins. */
export type Start = {
  /** After this record; absent: at the beginning. */
  readonly position?: Position;
  /** Matches to leave out from there. */
  readonly skip: number;
  /** Matches that came before the position. */
  readonly seen: number;
  /** What the first page found best: the driver with this number of the only group (`driversOf`), or `walking`. */
  readonly way?: number;
  /** What the first page found out. */
  readonly total?: { readonly count: number; readonly exact: boolean };
};

const Body = z.strictObject({
  /** The search it belongs to. */
  h: z.string(),
  i: z.optional(z.string()),
  v: z.optional(z.string()),
  s: z.int(),
  k: z.int(),
  n: z.int(),
  e: z.boolean(),
  w: z.optional(z.int()),
});

const checkOf = (text: string) => createHash('sha256').update(`tsunagi-search ${text}`).digest('base64url').slice(0, 8);

/** An opaque text of letters, digits, `-`, `_` and `.`. */
export function cursorOf(
  hash: string,
  { position, skip, seen, total, way }: Start & Required<Pick<Start, 'total'>>,
): string {
  const body: z.output<typeof Body> = {
    h: hash,
    ...(position && { i: position.id }),
    ...(position?.value !== undefined && { v: position.value }),
    s: skip,
    k: seen,
    n: total.count,
    e: total.exact,
    ...(way !== undefined && { w: way }),
  };
  const text = Buffer.from(JSON.stringify(body)).toString('base64url');
  return `c${text}.${checkOf(text)}`;
}

/** The start that a client's `after` says: a cursor of ours, or HubSpot's offset. @throws CrmError 400 */
export function startOf(hash: string, after: string | undefined): Start {
  if (after === undefined || after === '') return { skip: 0, seen: 0 };
  if (/^\d+$/.test(after)) {
    const skip = Number(after);
    if (skip <= mostOffset) return { skip, seen: 0 };
    throw refusal(after, `after: a number may be at most ${mostOffset}; the cursor of paging.next.after goes further`);
  }
  const body = read(after);
  if (!body) throw refusal(after, 'after: is not a cursor of this API');
  if (body.h !== hash) throw refusal(after, 'after: is a cursor of another search');
  return {
    ...(body.i !== undefined && { position: { id: body.i, ...(body.v !== undefined && { value: body.v }) } }),
    skip: body.s,
    seen: body.k,
    ...(body.w !== undefined && { way: body.w }),
    total: { count: body.n, exact: body.e },
  };
}

function read(after: string): z.output<typeof Body> | undefined {
  const [, text = '', check] = /^c([\w-]+)\.([\w-]+)$/.exec(after) ?? [];
  if (check !== checkOf(text)) return undefined;
  try {
    return Body.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

const refusal = (after: string, message: string) =>
  new CrmError('VALIDATION_ERROR', `There was a problem with the request. ${message}`, {
    errors: [{ message, code: 'INVALID_CURSOR', in: 'after' }],
    context: { after: [after.slice(0, 100)] },
  });
