import type { Store } from '../store.ts';
import type { Fields } from './field.ts';
import { objectOfId } from './objects.ts';
import { recordId } from './record-id.ts';
import type { SObject } from './sobject.ts';

/** One record as it is stored. */
export type Stored = { readonly type: SObject; readonly fields: Fields };

type Row = { id: string; fields: string };

export const idOf = ({ fields }: Stored): string => String(fields.Id);
export const isDeleted = ({ fields }: Stored): boolean => fields.IsDeleted === true;

/** Owners and authors are few and have many records, so nothing is found by them. */
const indexedTypes: ReadonlySet<string> = new Set(['email', 'reference']);
const unindexed: ReadonlySet<string> = new Set(['OwnerId', 'CreatedById', 'LastModifiedById']);

/** Whether records are found by this field's value without reading all of them. */
export const isIndexed = (type: SObject, name: string): boolean =>
  type.fields.some(
    (field) => field.name === name && (field.externalId || indexedTypes.has(field.type)) && !unindexed.has(name),
  );

/** The records of the org in the local services' file. */
export class Records {
  readonly #store: Store;
  readonly #sql: ReturnType<typeof prepare>;

  constructor(store: Store) {
    this.#store = store;
    this.#sql = prepare(store);
  }

  get(id: string): Stored | undefined {
    const type = objectOfId(id);
    const row = type && this.#sql.get.get(id);
    return row && { type, fields: JSON.parse(row.fields) as Fields };
  }

  nextId(type: SObject): string {
    const { last } = this.#sql.nextNumber.get(type.name) ?? { last: 1 };
    return recordId(type.prefix, last);
  }

  /** Writes a record with its index rows; `before` is what it replaces. */
  save(record: Stored, before?: Stored): void {
    const { type, fields } = record;
    const id = idOf(record);
    this.#store.transaction(() => {
      this.#sql.save.run(
        id,
        type.name,
        String(fields.SystemModstamp),
        isDeleted(record) ? 1 : 0,
        JSON.stringify(fields),
      );
      const old = before ? indexed(before) : [];
      const now = indexed(record);
      for (const [name, value] of without(old, now)) this.#sql.removeIndex.run(type.name, name, value, id);
      for (const [name, value] of without(now, old)) this.#sql.addIndex.run(type.name, name, value, id);
    });
  }

  /** Ids of all records, deleted ones too, that have this value in an indexed field. Text is compared without case. */
  idsWith(type: SObject, field: string, value: string): string[] {
    return this.#sql.find.all(type.name, field, value.toLowerCase()).map(({ id }) => id);
  }

  /** Records, not deleted, that have this value in an indexed field. */
  having(type: SObject, field: string, value: string): Stored[] {
    return this.idsWith(type, field, value).flatMap((id) => {
      const record = this.get(id);
      return record && !isDeleted(record) ? [record] : [];
    });
  }

  /** Ids of all records, deleted ones too, whose SystemModstamp lies between the two, both included. */
  idsChanged(type: SObject, from: string, to: string): string[] {
    return this.#sql.changed.all(type.name, from, to).map(({ id }) => id);
  }

  /** Every record of an object, in the order of ids. */
  all(type: SObject, options: { deleted: boolean }): Stored[] {
    const rows = options.deleted ? this.#sql.everything.all(type.name) : this.#sql.live.all(type.name);
    return rows.map(({ fields }) => ({ type, fields: JSON.parse(fields) as Fields }));
  }

  /** The most recently changed records, not deleted. */
  newest(type: SObject, limit: number): Stored[] {
    return this.#sql.newest.all(type.name, limit).map(({ fields }) => ({ type, fields: JSON.parse(fields) as Fields }));
  }

  /** How many there are, the deleted ones apart. */
  count(type: SObject): { records: number; deleted: number } {
    const { records, deleted } = this.#sql.count.get(type.name) ?? { records: 0, deleted: 0 };
    return { records: records - deleted, deleted };
  }
}

type Entry = readonly [field: string, value: string];

function indexed({ type, fields }: Stored): Entry[] {
  return type.fields.flatMap(({ name }): Entry[] => {
    const value = fields[name];
    return typeof value === 'string' && isIndexed(type, name) ? [[name, value.toLowerCase()]] : [];
  });
}

const without = (list: readonly Entry[], other: readonly Entry[]): Entry[] =>
  list.filter(([name, value]) => !other.some((entry) => entry[0] === name && entry[1] === value));

function prepare(store: Store) {
  return {
    get: store.statement<Row>('select id, fields from salesforce_record where id = ?'),
    nextNumber: store.statement<{ last: number }>(
      `insert into salesforce_sequence values (?, 1) on conflict do update set last = last + 1 returning last`,
    ),
    save: store.statement(
      `insert into salesforce_record (id, sobject, stamp, deleted, fields) values (?, ?, ?, ?, ?)
        on conflict do update set stamp = excluded.stamp, deleted = excluded.deleted, fields = excluded.fields`,
    ),
    addIndex: store.statement('insert or ignore into salesforce_index values (?, ?, ?, ?)'),
    removeIndex: store.statement(
      'delete from salesforce_index where sobject = ? and field = ? and value = ? and id = ?',
    ),
    find: store.statement<{ id: string }>(
      'select id from salesforce_index where sobject = ? and field = ? and value = ? order by id',
    ),
    changed: store.statement<{ id: string }>(
      'select id from salesforce_record where sobject = ? and stamp >= ? and stamp <= ? order by stamp, id',
    ),
    everything: store.statement<Row>('select id, fields from salesforce_record where sobject = ? order by id'),
    live: store.statement<Row>(
      'select id, fields from salesforce_record where sobject = ? and deleted = 0 order by id',
    ),
    newest: store.statement<Row>(
      `select id, fields from salesforce_record where sobject = ? and deleted = 0 order by stamp desc, id desc limit ?`,
    ),
    count: store.statement<{ records: number; deleted: number }>(
      'select count(*) as records, coalesce(sum(deleted), 0) as deleted from salesforce_record where sobject = ?',
    ),
  };
}
