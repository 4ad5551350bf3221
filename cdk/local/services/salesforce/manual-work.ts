import type { Store } from '../store.ts';
import { ApiError } from './api-error.ts';
import { type Converted, convertLead } from './convert.ts';
import type { Input } from './input.ts';
import { merge } from './merge.ts';
import { objectNamed } from './objects.ts';
import { longId } from './record-id.ts';
import { idOf, isDeleted, type Records, type Stored } from './records.ts';
import { representAll, type Shown } from './represent.ts';
import type { SObject } from './sobject.ts';
import { parseQuery } from './soql/parser.ts';
import { prepareQuery, runQuery } from './soql/run.ts';
import { checkUnique } from './uniqueness.ts';
import type { Author, Writes } from './writes.ts';

const version = 'v63.0';

/** What a person does in the org by hand. Everything is done or nothing. */
export class ManualWork {
  readonly #store: Store;
  readonly #records: Records;
  readonly #writes: Writes;

  constructor({ store, records, writes }: { store: Store; records: Records; writes: Writes }) {
    this.#store = store;
    this.#records = records;
    this.#writes = writes;
  }

  /** The newest records of an object, or those that a condition in SOQL names, deleted ones too when asked for. */
  list(name: string, { where, limit, deleted }: { where?: string; limit: number; deleted: boolean }): Shown[] {
    const type = typeNamed(name);
    const condition = where ? ` WHERE ${where}` : '';
    const soql = `SELECT Id FROM ${type.name}${condition} ORDER BY SystemModstamp DESC, Id DESC LIMIT ${limit}`;
    const found =
      where || deleted
        ? runQuery(prepareQuery(parseQuery(soql)), this.#records, { deleted })
        : this.#records.newest(type, limit);
    return found.map((record) => representAll(record, version));
  }

  get(name: string, id: string): Stored | undefined {
    const record = this.#records.get(longId(id) ?? '');
    return record?.type === typeNamed(name) ? record : undefined;
  }

  /** Makes one record or many. @throws ApiError that names the row */
  create(name: string, inputs: readonly Input[], author: Author): string[] {
    const type = typeNamed(name);
    return this.#store.transaction(() =>
      inputs.map((input, index) => {
        try {
          return this.#writes.create(type, input, author);
        } catch (error) {
          if (!(error instanceof ApiError) || inputs.length === 1) throw error;
          throw new ApiError(error.code, `record ${index}: ${error.message}`, { fields: error.fields });
        }
      }),
    );
  }

  update(name: string, id: string, input: Input, author: Author): void {
    this.#writes.update(typeNamed(name), longId(id) ?? id, input, author);
  }

  remove(name: string, id: string, author: Author): void {
    this.#writes.remove(typeNamed(name), longId(id) ?? id, author);
  }

  /** Takes a record out of the bin, not what was deleted with it. @throws ApiError */
  restore(name: string, id: string, author: Author): void {
    const record = this.get(name, id);
    if (!record || !isDeleted(record)) throw new ApiError('NOT_FOUND', 'There is no such record in the bin');
    checkUnique(record.type, idOf(record), record.fields, this.#records);
    this.#writes.overwrite(record, { IsDeleted: false }, author);
  }

  convert(id: string, input: unknown, author: Author): Converted {
    const tools = { records: this.#records, writes: this.#writes, author };
    return this.#store.transaction(() => convertLead(longId(id) ?? id, input, tools));
  }

  merge(input: unknown, author: Author): ReturnType<typeof merge> {
    const tools = { records: this.#records, writes: this.#writes, author };
    return this.#store.transaction(() => merge(input, tools));
  }
}

function typeNamed(name: string): SObject {
  const type = objectNamed(name);
  if (!type) throw new ApiError('NOT_FOUND', `There is no object ${name}`);
  return type;
}
