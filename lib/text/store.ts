import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { inParallel } from '../table/in-parallel.ts';
import { recordKey, typeListing } from '../table/keys.ts';
import { textPartition } from '../table/text-keys.ts';
import { type QueryToken, queryPieces, queryTokens } from './fold.ts';

const Row = z.object({ id: z.string() });

/** `after` is the last id that was looked at, to be handed in for the next page. */
export type Candidates = { readonly ids: string[]; readonly after?: string };
type Position = { readonly after?: string; readonly limit: number };

/** Pairs that many records have: of a query's pairs these are asked last. */
const common = new Set('有限 限会 東京 京都 大阪 です ます した'.split(' '));
const mostProbes = 3;
/** A beginning with more rows than the first number is asked after the pairs; with more than the second it is too common to be of use. */
const selectiveRows = 1000;
const gatheredRows = 20_000;

/**
 * Ids, in their order, of the records that may match a query: all that match are among them, as of the projector (less than a second
 * late), some others too, so the caller asks `matchesQuery` of the records. A page may be empty and still have an `after`. One query for
 * a selective word or a pair of letters, at most three for a longer Japanese text, whose narrowest pair decides; each costs what the page
 * has. A word whose beginning more than 20,000 rows share is no help, nor is one that is everywhere (株式会社, .co.jp): then the page is one
 * of the type's listing.
 */
export async function textCandidates(app: App, objectType: string, query: string, page: Position): Promise<Candidates> {
  const tokens = queryTokens(query);
  if (tokens.length === 0) return mayMatchAll(query) ? everyId(app, objectType, page) : { ids: [] };
  const word = longest(tokens.filter(({ prefix }) => prefix));
  const few = word && (await idsBeginning(app, objectType, word, selectiveRows));
  if (few) return pageOf(few, page);
  const pairs = tokens.filter(({ prefix }) => !prefix);
  if (pairs.length > 0) return narrowestOf(app, objectType, telling(pairs), page);
  const many = word && (await idsBeginning(app, objectType, word, gatheredRows));
  return many ? pageOf(many, page) : everyId(app, objectType, page);
}

/** Nothing but words that are everywhere, or nothing at all; a query of signs matches nothing. */
const mayMatchAll = (query: string) => query.trim() === '' || queryPieces(query).length > 0;

/** Rows that the search box looks at in one query, and how many such pages it reads of a pair. */
const boxRows = 1000;
const boxPages = 2;

/**
 * Some ids of records that may match a query, at most `most` and in no order: what the search box shows needs no more. One query for a
 * word; for Japanese text at most three, or six when the pairs are common ones.
 */
export async function someCandidates(app: App, objectType: string, query: string, most: number): Promise<string[]> {
  const tokens = queryTokens(query);
  if (tokens.length === 0 && mayMatchAll(query)) return (await everyId(app, objectType, { limit: most })).ids;
  const word = longest(tokens.filter(({ prefix }) => prefix));
  const pairs = telling(tokens.filter(({ prefix }) => !prefix));
  const few = word === undefined ? undefined : await rowsBeginning(app, objectType, word);
  if (few && (few.complete || pairs.length === 0)) return few.ids.slice(0, most);
  const ids: string[] = [];
  let after: string | undefined;
  for (let page = 0; pairs.length > 0 && page < boxPages && ids.length < most; page += 1) {
    const found = await narrowestOf(app, objectType, pairs, { limit: boxRows, ...(after !== undefined && { after }) });
    ids.push(...found.ids);
    after = found.after;
    if (after === undefined) break;
  }
  return ids.slice(0, most);
}

async function rowsBeginning(app: App, objectType: string, beginning: string) {
  const query = { pk: textPartition(objectType, beginning), prefix: beginning, consistent: false, limit: boxRows };
  const { items, lastKey } = await app.table.query(query, Row);
  return { ids: [...new Set(items.map(({ id }) => id))], complete: lastKey === undefined };
}

const longest = (tokens: readonly QueryToken[]): string | undefined =>
  tokens.map(({ token }) => token).toSorted((one, other) => other.length - one.length)[0];

/** The pairs to ask: rare ones first, and such as do not overlap. */
const telling = (pairs: readonly QueryToken[]): string[] =>
  pairs
    .map(({ token }, at) => ({ token, rank: (common.has(token) ? 2 : 0) + (at % 2) }))
    .toSorted((one, other) => one.rank - other.rank)
    .slice(0, mostProbes)
    .map(({ token }) => token);

/** The ids of all rows whose token begins so, in order, or undefined when there are more than `most`. */
async function idsBeginning(
  app: App,
  objectType: string,
  beginning: string,
  most: number,
): Promise<string[] | undefined> {
  const query = { pk: textPartition(objectType, beginning), prefix: beginning, consistent: false };
  const ids: string[] = [];
  let startAfter: Record<string, unknown> | undefined;
  do {
    const left = most - ids.length;
    if (left <= 0) return undefined;
    const page = await app.table.query({ ...query, limit: left, ...(startAfter && { startAfter }) }, Row);
    ids.push(...page.items.map(({ id }) => id));
    startAfter = page.lastKey;
  } while (startAfter);
  return [...new Set(ids)].toSorted(inOrder);
}

/** As DynamoDB orders keys; ids are digits. */
const inOrder = (one: string, other: string) => (one < other ? -1 : 1);

function pageOf(all: readonly string[], { after = '', limit }: Position): Candidates {
  const rest = all.filter((id) => id > after);
  return toPage(rest.slice(0, limit), rest.length > limit);
}

function toPage(ids: string[], more: boolean): Candidates {
  const last = ids.at(-1);
  return { ids, ...(more && last !== undefined && { after: last }) };
}

/** The page of the pair whose rows reach furthest, without those ids that another pair's rows disprove. */
async function narrowestOf(
  app: App,
  objectType: string,
  tokens: readonly string[],
  page: Position,
): Promise<Candidates> {
  const pages = await inParallel(tokens, mostProbes, (token) => idsOf(app, objectType, token, page));
  const reach = ({ ids, after }: Candidates) => ({ to: after ?? '~', count: ids.length });
  const [narrowest, ...others] = pages.toSorted((one, other) => {
    const [a, b] = [reach(one), reach(other)];
    return a.to === b.to ? a.count - b.count : inOrder(b.to, a.to);
  });
  if (!narrowest) return { ids: [] };
  const known = others.map((each) => ({ ids: new Set(each.ids), to: reach(each).to }));
  const ids = narrowest.ids.filter((id) => known.every((each) => id > each.to || each.ids.has(id)));
  return { ids, ...(narrowest.after !== undefined && { after: narrowest.after }) };
}

async function idsOf(app: App, objectType: string, token: string, { after = '', limit }: Position) {
  const { items, lastKey } = await app.table.query(
    {
      pk: textPartition(objectType, token),
      from: `${token}#${after}`,
      to: `${token}#~`,
      limit: limit + 1,
      consistent: false,
    },
    Row,
  );
  const ids = items.map(({ id }) => id).filter((id) => id !== after);
  return toPage(ids.slice(0, limit), ids.length > limit || lastKey !== undefined);
}

async function everyId(app: App, objectType: string, { after, limit }: Position): Promise<Candidates> {
  const listing = typeListing(objectType, false);
  const startAfter = after && { ...recordKey({ objectType, id: after }), gsi1pk: listing, gsi1sk: after };
  const { items, lastKey } = await app.table.query(
    { pk: listing, index: 'gsi1', limit, ...(startAfter && { startAfter }) },
    Row,
  );
  return toPage(
    items.map(({ id }) => id),
    lastKey !== undefined,
  );
}
