import { randomBytes } from 'node:crypto';
import type { Store } from '../store.ts';
import { ApiError } from './api-error.ts';
import { isDeleted, type Records } from './records.ts';
import { represent } from './represent.ts';
import { parseQuery } from './soql/parser.ts';
import { aggregated, idsOf, isPlain, prepareQuery, runQuery } from './soql/run.ts';

const largestPage = 2000;
const smallestPage = 200;
const cursorMs = 2 * 24 * 3_600_000;
/** A user may have this many queries open; one more closes the oldest. */
const openCursors = 10;
const longestQuery = 100_000;

export type QueryOptions = {
  /** queryAll: deleted records too. */
  readonly deleted: boolean;
  readonly version: string;
  readonly now: number;
  /** `Sforce-Query-Options: batchSize=500` */
  readonly optionsHeader?: string;
};

type Cursor = { readonly soql: string; readonly deleted: boolean; readonly pageSize: number };

/** Runs SOQL and hands the result on in pages, whose records are those of the moment of the query. */
export class Queries {
  readonly #records: Records;
  readonly #sql: ReturnType<typeof prepare>;

  constructor(store: Store, records: Records) {
    this.#records = records;
    this.#sql = prepare(store);
  }

  /** @throws ApiError */
  run(soql: string, options: QueryOptions): Record<string, unknown> {
    if (soql.length > longestQuery) throw new ApiError('QUERY_TOO_COMPLICATED', 'the query is too long');
    const prepared = prepareQuery(parseQuery(soql));
    const found = runQuery(prepared, this.#records, options);
    const { query } = prepared;
    if (query.select.length === 0)
      return { totalSize: Math.min(found.length, query.limit ?? found.length), done: true, records: [] };
    if (!isPlain(query)) return { totalSize: 1, done: true, records: [aggregated(prepared, found, this.#records)] };
    const pageSize = pageSizeOf(options.optionsHeader);
    const locator = found.length > pageSize ? `01g5g${randomBytes(8).toString('hex').slice(0, 10)}AAK` : '';
    const cursor: Cursor = { soql, deleted: options.deleted, pageSize };
    const ids = idsOf(found);
    if (locator) this.#open(locator, cursor, ids, options.now);
    return this.#page({ ...cursor, locator }, ids, 0, options.version);
  }

  /** The page at `<locator>-<offset>`. @throws ApiError INVALID_QUERY_LOCATOR */
  more(text: string, { version, now }: Pick<QueryOptions, 'version' | 'now'>): Record<string, unknown> {
    const [, locator = '', offset = ''] = /^(01g\w+)-(\d+)$/.exec(text) ?? [];
    const row = this.#sql.find.get(locator, now);
    const ids = row && (JSON.parse(row.ids) as string[]);
    if (!row || !ids || Number(offset) >= ids.length)
      throw new ApiError('INVALID_QUERY_LOCATOR', 'invalid query locator');
    return this.#page({ ...(JSON.parse(row.query) as Cursor), locator }, ids, Number(offset), version);
  }

  #open(locator: string, cursor: Cursor, ids: readonly string[], now: number): void {
    this.#sql.add.run(locator, now + cursorMs, JSON.stringify(cursor), JSON.stringify(ids));
    this.#sql.prune.run(openCursors);
  }

  #page(
    { soql, deleted, pageSize, locator }: Cursor & { locator: string },
    ids: readonly string[],
    offset: number,
    version: string,
  ): Record<string, unknown> {
    const { paths } = prepareQuery(parseQuery(soql));
    const next = offset + pageSize;
    const records = ids.slice(offset, next).flatMap((id) => {
      const record = this.#records.get(id);
      return record && (deleted || !isDeleted(record)) ? [represent(record, paths, this.#records, version)] : [];
    });
    const done = next >= ids.length;
    const nextRecordsUrl = done ? {} : { nextRecordsUrl: `/services/data/${version}/query/${locator}-${next}` };
    return { totalSize: ids.length, done, ...nextRecordsUrl, records };
  }
}

function pageSizeOf(header = ''): number {
  const asked = Number(/batchSize=(\d+)/i.exec(header)?.[1] ?? largestPage);
  return Math.min(largestPage, Math.max(smallestPage, asked));
}

function prepare(store: Store) {
  return {
    add: store.statement('insert into salesforce_cursor (locator, expires_at, query, ids) values (?, ?, ?, ?)'),
    find: store.statement<{ query: string; ids: string }>(
      'select query, ids from salesforce_cursor where locator = ? and expires_at > ?',
    ),
    prune: store.statement(
      'delete from salesforce_cursor where id not in (select id from salesforce_cursor order by id desc limit ?)',
    ),
  };
}
