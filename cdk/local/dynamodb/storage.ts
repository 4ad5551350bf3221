import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { DynamoError, resourceNotFound } from './errors.ts';
import { checkTableName, type TableDefinition } from './table-definition.ts';
import { readInteger, readText, TableStore } from './table-store.ts';

/** Statements of one database, prepared once each. */
export class Statements {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  get(sql: string): StatementSync {
    const found = this.#prepared.get(sql);
    if (found) return found;
    const statement = this.#database.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }

  run(sql: string, ...values: SQLInputValue[]): void {
    this.get(sql).run(...values);
  }

  /** For statements that no table needs twice. */
  script(sql: string): void {
    this.#database.exec(sql);
  }

  /** Forgets statements on tables that are about to go. */
  forget(): void {
    this.#prepared.clear();
  }
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS tables (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, definition TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS tokens (position INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE, request TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
`;

/** The SQLite database behind the engine: one SQL table of items and one of stream records for each DynamoDB table. */
export class Storage {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #tables = new Map<string, TableStore>();

  constructor(file: string) {
    this.#database = new DatabaseSync(file, { timeout: 5000 });
    // The engine is the only one that opens the file; WAL survives a killed process without a sync for each commit.
    this.#database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    this.#database.exec('PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;');
    this.#database.exec(SCHEMA);
    this.#statements = new Statements(this.#database);
    for (const row of this.#statements.get('SELECT id, definition FROM tables').all()) {
      const definition = JSON.parse(readText(row.definition)) as TableDefinition;
      this.#tables.set(definition.name, new TableStore(this.#statements, readInteger(row.id), definition));
    }
  }

  /** All or nothing: rolls back when `run` throws. */
  transaction<T>(run: () => T): T {
    this.#statements.run('BEGIN IMMEDIATE');
    try {
      const result = run();
      this.#statements.run('COMMIT');
      return result;
    } catch (error) {
      // A disk that is full has rolled back already.
      if (this.#database.isTransaction) this.#statements.run('ROLLBACK');
      throw error;
    }
  }

  tableNames(): string[] {
    return [...this.#tables.keys()].sort();
  }

  table(name: string): TableStore {
    const table = this.#tables.get(name);
    if (table) return table;
    checkTableName(name);
    throw resourceNotFound();
  }

  has(name: string): boolean {
    return this.#tables.has(name);
  }

  create(definition: TableDefinition): TableStore {
    if (this.has(definition.name)) {
      throw new DynamoError('ResourceInUseException', `Table already exists: ${definition.name}`);
    }
    return this.transaction(() => {
      const insert = this.#statements.get('INSERT INTO tables (name, definition) VALUES (?, ?)');
      const { lastInsertRowid } = insert.run(definition.name, JSON.stringify(definition));
      const table = new TableStore(this.#statements, Number(lastInsertRowid), definition);
      table.createTables();
      this.#tables.set(definition.name, table);
      return table;
    });
  }

  drop(name: string): void {
    const table = this.table(name);
    this.#statements.forget();
    this.transaction(() => {
      table.dropTables();
      this.#statements.run('DELETE FROM tables WHERE name = ?', name);
    });
    this.#tables.delete(name);
  }

  /** Switches time to live on or off and notes when each stored item expires. */
  setExpiry(name: string, attribute: string | undefined): void {
    const table = this.table(name);
    const { expiryAttribute: _former, ...definition } = table.definition;
    const changed: TableDefinition =
      attribute === undefined ? definition : { ...definition, expiryAttribute: attribute };
    this.transaction(() => {
      this.#statements.run('UPDATE tables SET definition = ? WHERE name = ?', JSON.stringify(changed), name);
      table.redefine(changed);
    });
  }

  /** The request that a transaction's token was used for since `since`. */
  findToken(token: string, since: number): string | undefined {
    const row = this.#statements.get('SELECT request FROM tokens WHERE token = ? AND at > ?').get(token, since);
    return row && readText(row.request);
  }

  saveToken(token: string, request: string, at: number): void {
    this.#statements.run('INSERT OR REPLACE INTO tokens (token, request, at) VALUES (?, ?, ?)', token, request, at);
  }

  /** Drops tokens that no longer count. They stand in order of time, so the first valid one ends the search. */
  trimTokens(before: number): void {
    const kept = this.#statements.get('SELECT position FROM tokens WHERE at > ? ORDER BY position LIMIT 1').get(before);
    if (kept) this.#statements.run('DELETE FROM tokens WHERE position < ?', readInteger(kept.position));
    else this.#statements.run('DELETE FROM tokens');
  }

  close(): void {
    this.#statements.forget();
    this.#database.close();
  }
}
