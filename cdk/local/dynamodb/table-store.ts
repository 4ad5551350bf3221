import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { Stored } from './capacity.ts';
import type { EncodedKey } from './key.ts';
import type { Statements } from './storage.ts';
import type { TableDefinition } from './table-definition.ts';
import { attributeOf, type Item } from './value.ts';

/** What one write does to one item. No `after` deletes it. */
export type Change = {
  readonly table: TableStore;
  readonly key: EncodedKey;
  readonly before?: Stored | undefined;
  readonly after?: Stored | undefined;
  /** The item's place in each index, in the order of the definition. */
  readonly indexKeys: readonly (EncodedKey | undefined)[];
};

export type Bound = { readonly value: string; readonly inclusive: boolean };
/** A range of one partition of the table or, with `index`, of an index. */
export type RangeQuery = {
  readonly index?: number | undefined;
  readonly hash: string;
  readonly from?: Bound | undefined;
  readonly to?: Bound | undefined;
  readonly forward: boolean;
  /** Where the last page ended: sort key in the index, then the table's key. */
  readonly after?: { readonly sort: string; readonly key: EncodedKey } | undefined;
  readonly limit: number | undefined;
};

/** One row of a table's stream. */
export type StreamRow = {
  readonly sequence: number;
  readonly at: number;
  /** Deleted by time to live rather than by a request. */
  readonly expired: boolean;
  readonly before?: Item | undefined;
  readonly after?: Item | undefined;
};

const FIVE_YEARS = 5 * 365 * 24 * 3600;

export function readText(value: SQLOutputValue | undefined): string {
  if (typeof value === 'string') return value;
  throw new TypeError('expected a text column');
}

export function readInteger(value: SQLOutputValue | undefined): number {
  if (typeof value === 'number') return value;
  throw new TypeError('expected an integer column');
}

/** The rows of one DynamoDB table. */
export class TableStore {
  readonly #statements: Statements;
  readonly #items: string;
  readonly #stream: string;
  readonly #upsert: string;
  #definition: TableDefinition;
  #latest: number | undefined;

  constructor(statements: Statements, id: number, definition: TableDefinition) {
    this.#statements = statements;
    this.#items = `items_${id}`;
    this.#stream = `stream_${id}`;
    this.#definition = definition;
    const columns = ['pk', 'sk', 'size', 'item', 'expires', ...this.#indexColumns().flat()];
    const updates = columns.slice(2).map((column) => `${column} = excluded.${column}`);
    this.#upsert = `INSERT INTO ${this.#items} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
      ON CONFLICT (pk, sk) DO UPDATE SET ${updates.join(', ')}`;
  }

  get definition(): TableDefinition {
    return this.#definition;
  }

  #indexColumns(): (readonly [string, string])[] {
    return this.#definition.indexes.map((_, position) => [`i${position}pk`, `i${position}sk`]);
  }

  createTables(): void {
    const columns = this.#indexColumns();
    this.#statements.script(`
      CREATE TABLE ${this.#items} (
        pk TEXT NOT NULL, sk TEXT NOT NULL, size INTEGER NOT NULL, item TEXT NOT NULL, expires REAL,
        ${columns.map(([hash, range]) => `${hash} TEXT, ${range} TEXT,`).join(' ')}
        PRIMARY KEY (pk, sk)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX ${this.#items}_expires ON ${this.#items} (expires) WHERE expires IS NOT NULL;
      ${columns
        .map(
          ([hash, range]) =>
            `CREATE INDEX ${this.#items}_${hash} ON ${this.#items} (${hash}, ${range}, pk, sk) WHERE ${hash} IS NOT NULL;`,
        )
        .join('\n')}
      CREATE TABLE ${this.#stream} (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, expired INTEGER NOT NULL, old TEXT, new TEXT
      ) STRICT;`);
  }

  dropTables(): void {
    this.#statements.script(`DROP TABLE ${this.#items}; DROP TABLE ${this.#stream};`);
  }

  redefine(definition: TableDefinition): void {
    this.#definition = definition;
    const rows = this.#statements.get(`SELECT pk, sk, item FROM ${this.#items}`).all();
    for (const row of rows) {
      const item = JSON.parse(readText(row.item)) as Item;
      this.#statements.run(
        `UPDATE ${this.#items} SET expires = ? WHERE pk = ? AND sk = ?`,
        this.#expiry(item),
        readText(row.pk),
        readText(row.sk),
      );
    }
  }

  /** Seconds since 1970 at which an item expires, by the attribute that time to live watches. */
  #expiry(item: Item): number | null {
    const { expiryAttribute } = this.#definition;
    const value = expiryAttribute === undefined ? undefined : attributeOf(item, expiryAttribute);
    return value && 'N' in value ? Number(value.N) : null;
  }

  count(): { items: number; bytes: number } {
    const row = this.#statements.get(`SELECT count(*) AS items, total(size) AS bytes FROM ${this.#items}`).get();
    return { items: readInteger(row?.items), bytes: readInteger(row?.bytes) };
  }

  get(key: EncodedKey): Stored | undefined {
    const row = this.#statements
      .get(`SELECT item, size FROM ${this.#items} WHERE pk = ? AND sk = ?`)
      .get(key.pk, key.sk);
    return row && stored(row);
  }

  /** Every item after a key, in the order of the keys. */
  *everything(after: EncodedKey | undefined): Generator<Stored> {
    const where = after ? 'WHERE (pk, sk) > (?, ?)' : '';
    const sql = `SELECT item, size FROM ${this.#items} ${where} ORDER BY pk, sk`;
    for (const row of this.#statements.get(sql).iterate(...(after ? [after.pk, after.sk] : []))) yield stored(row);
  }

  *range(query: RangeQuery): Generator<Stored> {
    const { sql, values } = this.#rangeSql(query);
    for (const row of this.#statements.get(sql).iterate(...values)) yield stored(row);
  }

  #rangeSql(query: RangeQuery): { sql: string; values: SQLInputValue[] } {
    const [hash, sort] = query.index === undefined ? ['pk', 'sk'] : (this.#indexColumns()[query.index] ?? []);
    const order = query.index === undefined ? ['sk'] : [sort, 'pk', 'sk'];
    const where = [`${hash} = ?`];
    const values: SQLInputValue[] = [query.hash];
    const { after, forward } = query;
    const from = after && forward ? undefined : query.from;
    const to = after && !forward ? undefined : query.to;
    if (from) {
      where.push(`${sort} ${from.inclusive ? '>=' : '>'} ?`);
      values.push(from.value);
    }
    if (to) {
      where.push(`${sort} ${to.inclusive ? '<=' : '<'} ?`);
      values.push(to.value);
    }
    if (after) {
      where.push(`(${order.join(', ')}) ${forward ? '>' : '<'} (${order.map(() => '?').join(', ')})`);
      values.push(...(query.index === undefined ? [after.key.sk] : [after.sort, after.key.pk, after.key.sk]));
    }
    const direction = forward ? '' : ' DESC';
    const sql = `SELECT item, size FROM ${this.#items} WHERE ${where.join(' AND ')}
      ORDER BY ${order.map((column) => column + direction).join(', ')} LIMIT ?`;
    return { sql, values: [...values, query.limit ?? -1] };
  }

  /** Stores one change and its stream record, which it returns. To be called within a transaction. */
  write(change: Change, at: number, expired = false): StreamRow | undefined {
    const { key, before, after, indexKeys } = change;
    if (after) {
      const columns = indexKeys.flatMap((index) => [index?.pk ?? null, index?.sk ?? null]);
      this.#statements.run(this.#upsert, key.pk, key.sk, after.size, after.text, this.#expiry(after.item), ...columns);
    } else this.#statements.run(`DELETE FROM ${this.#items} WHERE pk = ? AND sk = ?`, key.pk, key.sk);
    if (!this.#definition.stream) return undefined;
    const append = this.#statements.get(`INSERT INTO ${this.#stream} (at, expired, old, new) VALUES (?, ?, ?, ?)`);
    const { lastInsertRowid } = append.run(at, expired ? 1 : 0, before?.text ?? null, after?.text ?? null);
    this.#latest = undefined;
    return { sequence: Number(lastInsertRowid), at, expired, before: before?.item, after: after?.item };
  }

  /** Items that have expired at `now`; those of more than five years ago are taken for something else, as AWS does. */
  expired(now: number, limit: number): { key: EncodedKey; stored: Stored }[] {
    const seconds = now / 1000;
    const sql = `SELECT pk, sk, item, size FROM ${this.#items} WHERE expires < ? AND expires > ? ORDER BY expires LIMIT ?`;
    const rows = this.#statements.get(sql).all(seconds, seconds - FIVE_YEARS, limit);
    return rows.map((row) => ({ key: { pk: readText(row.pk), sk: readText(row.sk) }, stored: stored(row) }));
  }

  /** The newest sequence number ever given, 0 when none; it never falls, whatever is trimmed. */
  latestSequence(): number {
    if (this.#latest === undefined) {
      const row = this.#statements.get('SELECT seq FROM sqlite_sequence WHERE name = ?').get(this.#stream);
      this.#latest = row ? readInteger(row.seq) : 0;
    }
    return this.#latest;
  }

  readStream(after: number, since: number, limit: number): StreamRow[] {
    const sql = `SELECT sequence, at, expired, old, new FROM ${this.#stream} WHERE sequence > ? AND at >= ? ORDER BY sequence LIMIT ?`;
    return this.#statements
      .get(sql)
      .all(after, since, limit)
      .map((row) => ({
        sequence: readInteger(row.sequence),
        at: readInteger(row.at),
        expired: row.expired === 1,
        before: typeof row.old === 'string' ? (JSON.parse(row.old) as Item) : undefined,
        after: typeof row.new === 'string' ? (JSON.parse(row.new) as Item) : undefined,
      }));
  }

  /** Drops stream records older than `since`. They stand in order of time, so the first young one ends the search. */
  trimStream(since: number): void {
    const young = `SELECT sequence FROM ${this.#stream} WHERE at >= ? ORDER BY sequence LIMIT 1`;
    const kept = this.#statements.get(young).get(since);
    if (kept) this.#statements.run(`DELETE FROM ${this.#stream} WHERE sequence < ?`, readInteger(kept.sequence));
    else this.#statements.run(`DELETE FROM ${this.#stream}`);
  }
}

function stored(row: Record<string, SQLOutputValue>): Stored {
  const text = readText(row.item);
  return { item: JSON.parse(text) as Item, text, size: readInteger(row.size) };
}
