import type { Action, Context } from './actions.ts';
import { batchWriteItem } from './batch-write.ts';
import { DynamoError, validation } from './errors.ts';
import { query } from './query.ts';
import { batchGetItem, getItem, transactGetItems } from './read-actions.ts';
import { RecentRecords } from './recent-records.ts';
import { checkParameters, type parameters } from './request.ts';
import { scan } from './scan.ts';
import { Storage } from './storage.ts';
import { formatSequence, parseSequence, type StreamRecord, toStreamRecord } from './stream.ts';
import {
  createTable,
  deleteTable,
  describe,
  describeTimeToLive,
  listTables,
  updateTimeToLive,
} from './table-actions.ts';
import type { Change, StreamRow, TableStore } from './table-store.ts';
import { TOKEN_LIFETIME, transactWriteItems } from './transact-write.ts';
import { deleteItem, putItem, updateItem } from './write-actions.ts';

const actions = {
  CreateTable: createTable,
  DescribeTable: describe,
  DeleteTable: deleteTable,
  ListTables: listTables,
  UpdateTimeToLive: updateTimeToLive,
  DescribeTimeToLive: describeTimeToLive,
  GetItem: getItem,
  PutItem: putItem,
  UpdateItem: updateItem,
  DeleteItem: deleteItem,
  Query: query,
  BatchGetItem: batchGetItem,
  BatchWriteItem: batchWriteItem,
  TransactGetItems: transactGetItems,
  TransactWriteItems: transactWriteItems,
} as const satisfies Partial<Record<keyof typeof parameters, Action>>;

type ActionName = keyof typeof actions;
const DAY = 24 * 60 * 60 * 1000;
const SWEEP_BATCH = 500;
/** Old stream records and tokens are dropped each time this many writes have been stored. */
const TRIM_INTERVAL = 5000;

function isActionName(name: string): name is ActionName {
  return Object.hasOwn(actions, name);
}

/** DynamoDB in this process, on SQLite. One engine has one file to itself; every call is synchronous and atomic. */
export class DynamoEngine {
  readonly #storage: Storage;
  readonly #now: () => number;
  readonly #realNow: () => number;
  readonly #region: string;
  readonly #intercept: ((action: string, body: Record<string, unknown>) => void) | undefined;
  readonly #listeners = new Set<(tableName: string) => void>();
  readonly #context: Context;
  readonly #recent = new WeakMap<TableStore, RecentRecords>();
  #untrimmed = 0;

  /**
   * `file` is a path or ':memory:'. `now` may jump; by `realNow`, which is the same unless it is given, stream records and tokens
   * age, so that no jump takes away what nobody has read yet. `intercept` is called before each action and may throw a DynamoError in its place:
   * so fault injection raises what cannot happen here, such as `transactionConflict`.
   */
  constructor(options: {
    file: string;
    now?: () => number;
    realNow?: () => number;
    region?: string;
    intercept?: (action: string, body: Record<string, unknown>) => void;
  }) {
    this.#storage = new Storage(options.file);
    this.#now = options.now ?? Date.now;
    this.#realNow = options.realNow ?? this.#now;
    this.#region = options.region ?? 'us-east-1';
    this.#intercept = options.intercept;
    this.#context = {
      storage: this.#storage,
      region: this.#region,
      now: this.#now,
      realNow: this.#realNow,
      commit: (changes, alongside) => this.#commit(changes, alongside),
    };
  }

  /** One call of the wire protocol, e.g. 'PutItem' with its body. Throws a DynamoError. */
  execute(action: string, body: Record<string, unknown>): Record<string, unknown> {
    if (action === 'Scan') throw validation('Scan is refused: no path of this system may read a whole table');
    if (!isActionName(action)) {
      throw new DynamoError(
        'UnknownOperationException',
        `The action ${action} is not implemented by the embedded DynamoDB`,
      );
    }
    this.#intercept?.(action, body);
    checkParameters(action, body);
    return actions[action](this.#context, body);
  }

  /** One page of a whole table, for tools of operators: `execute` refuses it, so that no function gets by with it. */
  scan(body: Record<string, unknown>): Record<string, unknown> {
    checkParameters('Scan', body);
    return scan(this.#context, body);
  }

  /** Stream records after a sequence number, oldest first; records older than a day are gone, and those of a table that is. */
  readStream(tableName: string, options: { after?: string; limit: number }): StreamRecord[] {
    if (!this.#storage.has(tableName)) return [];
    const table = this.#storage.table(tableName);
    const after = parseSequence(options.after ?? '0');
    const since = this.#realNow() - DAY;
    const recent = this.#recent.get(table)?.read(after, since, options.limit);
    if (recent) return recent;
    const rows = table.readStream(after, since, options.limit);
    return rows.map((row) => toStreamRecord(row, table.definition, this.#region));
  }

  /** The newest sequence number of a table's stream, '0' when there is none or no such table. */
  latestSequence(tableName: string): string {
    if (!this.#storage.has(tableName)) return '0';
    return formatSequence(this.#storage.table(tableName).latestSequence());
  }

  /** Calls back after each commit that appended to a table's stream. Returns an unsubscribe. */
  onStream(listener: (tableName: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Deletes the items whose time to live has passed and returns how many. */
  sweepExpired(): number {
    let deleted = 0;
    for (const name of this.#storage.tableNames()) {
      const table = this.#storage.table(name);
      if (table.definition.expiryAttribute === undefined) continue;
      for (;;) {
        const expired = table.expired(this.#now(), SWEEP_BATCH);
        const changes = expired.map(({ key, stored }) => ({ table, key, before: stored, indexKeys: [] }));
        this.#commit(changes, undefined, true);
        deleted += expired.length;
        if (expired.length < SWEEP_BATCH) break;
      }
    }
    this.#trim();
    return deleted;
  }

  close(): void {
    this.#storage.close();
  }

  #commit(changes: readonly Change[], alongside?: () => void, expired = false): void {
    if (changes.length === 0 && !alongside) return;
    const at = this.#now();
    const written: [Change, StreamRow][] = [];
    this.#storage.transaction(() => {
      for (const change of changes) {
        const row = change.table.write(change, at, expired);
        if (row) written.push([change, row]);
      }
      alongside?.();
    });
    for (const [change, row] of written) this.#remember(change, row);
    this.#untrimmed += changes.length;
    if (this.#untrimmed >= TRIM_INTERVAL) this.#trim();
    const streamed = new Set(
      changes.filter(({ table }) => table.definition.stream).map(({ table }) => table.definition.name),
    );
    for (const name of streamed) for (const listener of this.#listeners) listener(name);
  }

  #remember({ table, before, after }: Change, row: StreamRow): void {
    const recent = this.#recent.get(table) ?? new RecentRecords();
    this.#recent.set(table, recent);
    const bytes = (before?.size ?? 0) + (after?.size ?? 0);
    recent.add({ row, bytes, make: () => toStreamRecord(row, table.definition, this.#region) });
  }

  #trim(): void {
    this.#untrimmed = 0;
    const now = this.#realNow();
    this.#storage.transaction(() => {
      for (const name of this.#storage.tableNames()) this.#storage.table(name).trimStream(now - DAY);
      this.#storage.trimTokens(now - TOKEN_LIFETIME);
    });
  }
}
