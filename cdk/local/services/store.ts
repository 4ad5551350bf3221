import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Expected } from '../expected.ts';

/** Each entry takes the file from one version to the next; an entry that was released is never edited. */
const migrations = [
  `
  create table setting (name text primary key, value text not null) without rowid;

  create table message (
    id integer primary key autoincrement,
    queue text not null,
    message_id text not null,
    body text not null,
    attributes text,
    trace_header text,
    sender text not null,
    sent_at integer not null,
    visible_at integer not null,
    first_received_at integer,
    receive_count integer not null default 0,
    receipt text,
    source_arn text,
    disturbed integer not null default 0
  );
  create index message_due on message (queue, visible_at, id);
  create index message_received on message (queue, visible_at) where receive_count > 0;
  create index message_in_flight on message (id) where receipt is not null;

  create table delivery (
    id integer primary key autoincrement,
    lane text not null,
    due_at integer not null,
    attempts integer not null default 0,
    payload text not null
  );
  create index delivery_due on delivery (lane, due_at, id);

  create table checkpoint (source text primary key, sequence text not null) without rowid;
  create table schedule (name text primary key, expression text not null, next_at integer) without rowid;

  create table mail (
    id integer primary key autoincrement,
    message_id text not null unique,
    at integer not null,
    configuration_set text,
    operation text not null,
    envelope text not null,
    tags text not null,
    raw blob not null,
    parsed text not null
  );

  create table secret (
    name text primary key,
    arn text not null unique,
    created_at integer not null,
    changed_at integer not null,
    version_id text not null,
    value text not null,
    previous_version_id text,
    previous_value text
  ) without rowid;

  create table sink_post (
    id integer primary key autoincrement,
    sink text not null,
    at integer not null,
    headers text not null,
    body text not null,
    client_msg_id text,
    attempts integer not null default 1
  );
  create index sink_post_newest on sink_post (sink, id);
  create unique index sink_post_once on sink_post (sink, client_msg_id) where client_msg_id is not null;
  `,
  `
  create table salesforce_record (
    id text primary key,
    sobject text not null,
    stamp text not null,
    deleted integer not null,
    fields text not null
  ) without rowid;
  create index salesforce_changed on salesforce_record (sobject, stamp, id);
  create table salesforce_index (
    sobject text not null,
    field text not null,
    value text not null,
    id text not null,
    primary key (sobject, field, value, id)
  ) without rowid;
  create table salesforce_sequence (sobject text primary key, last integer not null) without rowid;
  create table salesforce_session (token text primary key, user_id text not null, expires_at integer not null) without rowid;
  create table salesforce_cursor (
    id integer primary key autoincrement,
    locator text not null unique,
    expires_at integer not null,
    query text not null,
    ids text not null
  );
  create table salesforce_call (
    hour integer not null,
    kind text not null,
    count integer not null,
    primary key (hour, kind)
  ) without rowid;
  `,
];

export type Statement<Row> = {
  get(...values: SQLInputValue[]): Row | undefined;
  all(...values: SQLInputValue[]): Row[];
  run(...values: SQLInputValue[]): { readonly changes: number; readonly lastInsertRowid: number };
};

/**
 * The one sqlite file behind all local services. What a committed transaction wrote is there after a `kill -9`:
 * the write-ahead log is in the operating system's hands by then (a power cut may lose the last moments).
 */
export class Store {
  readonly #db: DatabaseSync;
  #depth = 0;

  constructor(file: string) {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
    this.#db = new DatabaseSync(file);
    this.#db.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 5000;');
    this.#migrate();
  }

  /** Prepares once. `Row` is a promise about the SQL next to it; nothing checks it at run time. */
  statement<Row = never>(sql: string): Statement<Row> {
    const prepared = this.#db.prepare(sql);
    return {
      get: (...values) => prepared.get(...values) as Row | undefined,
      all: (...values) => prepared.all(...values) as Row[],
      run: (...values) => {
        const { changes, lastInsertRowid } = prepared.run(...values);
        return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
      },
    };
  }

  /** All or nothing. A transaction inside another one joins it. */
  transaction<T>(run: () => T): T {
    if (this.#depth > 0) return run();
    this.#db.exec('begin immediate');
    this.#depth += 1;
    try {
      const result = run();
      this.#db.exec('commit');
      return result;
    } catch (error) {
      // A disk that is full has rolled back already.
      if (this.#db.isTransaction) this.#db.exec('rollback');
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  /** A transaction that is undone alone, when it throws inside of another one that goes on. */
  attempt<T>(run: () => T): T {
    if (this.#depth === 0) return this.transaction(run);
    const name = `attempt_${this.#depth}`;
    this.#db.exec(`savepoint ${name}`);
    this.#depth += 1;
    try {
      return run();
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec(`rollback to ${name}`);
      throw error;
    } finally {
      this.#depth -= 1;
      if (this.#db.isTransaction) this.#db.exec(`release ${name}`);
    }
  }

  setting(name: string): string | undefined {
    return this.statement<{ value: string }>('select value from setting where name = ?').get(name)?.value;
  }

  saveSetting(name: string, value: string): void {
    this.statement('insert into setting values (?, ?) on conflict do update set value = excluded.value').run(
      name,
      value,
    );
  }

  close(): void {
    this.#db.close();
  }

  #migrate(): void {
    const { user_version: version } = this.#db.prepare('pragma user_version').get() as { user_version: number };
    if (version > migrations.length) {
      throw new Expected(
        `The local state was written by a newer version (${version} > ${migrations.length}); start with --reset.`,
      );
    }
    for (const [index, sql] of migrations.entries()) {
      if (index < version) continue;
      this.transaction(() => this.#db.exec(`${sql}; pragma user_version = ${index + 1};`));
    }
  }
}
