import type { Store } from '../store.ts';
import { ApiError } from './api-error.ts';
import { cascade } from './cascade.ts';
import { checkRequired, checkTask, derived } from './derive.ts';
import type { Fields, Value } from './field.ts';
import { type Input, readInput } from './input.ts';
import { idOf, isDeleted, type Records, type Stored } from './records.ts';
import type { SObject } from './sobject.ts';
import { noteActivity } from './task-activity.ts';
import { checkDuplicates, checkUnique, type DuplicateRule } from './uniqueness.ts';

/** Who writes, when, and what the request allows. */
export type Author = {
  readonly userId: string;
  /** The org's clock, as a stamp. */
  readonly now: string;
  readonly duplicateRule: DuplicateRule;
  readonly allowDuplicates: boolean;
  /** Asked before each row: trouble that was switched on refuses it by throwing. */
  readonly refuse: (type: SObject, row: { readonly id?: string; readonly emails: readonly string[] }) => void;
};

/** Every rule for a single row. A row that is refused leaves nothing behind. */
export class Writes {
  readonly #store: Store;
  readonly #records: Records;

  constructor(store: Store, records: Records) {
    this.#store = store;
    this.#records = records;
  }

  /** Makes a record and answers its id. @throws ApiError */
  create(type: SObject, input: Input, author: Author): string {
    return this.#store.attempt(() => {
      const changes = readInput(type, input, 'create', this.#records);
      author.refuse(type, { emails: emailsOf(changes) });
      const id = this.#records.nextId(type);
      const record = { type, fields: this.#fresh(type, id, changes, author) };
      this.#check(record, changes, author);
      this.#records.save(record);
      noteActivity(record, this.#records, author.now);
      return id;
    });
  }

  /** Changes a record. One that changes nothing moves its stamps all the same. @throws ApiError */
  update(type: SObject, id: string, input: Input, author: Author): void {
    this.#store.attempt(() => {
      const before = this.#writable(type, id);
      const changes = readInput(type, input, 'update', this.#records);
      author.refuse(type, { id, emails: emailsOf(before.fields, changes) });
      if (before.fields.IsConverted === true)
        throw new ApiError('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');
      const fields = derived(type, { ...before.fields, ...changes, ...modified(author) }, changes, this.#records);
      const record = { type, fields };
      this.#check(record, changes, author);
      this.#records.save(record, before);
      noteActivity(record, this.#records, author.now);
    });
  }

  /** Moves a record to the bin, with what cannot be without it. @throws ApiError */
  remove(type: SObject, id: string, author: Author): void {
    this.#store.attempt(() => {
      const before = this.#writable(type, id);
      author.refuse(type, { id, emails: emailsOf(before.fields) });
      for (const record of [before, ...cascade(before, this.#records)]) this.#bin(record, author);
    });
  }

  /** Writes what the org itself decides: no rule is asked. */
  overwrite(record: Stored, changes: Fields, author: Author): Stored {
    const fields = derived(record.type, { ...record.fields, ...changes, ...modified(author) }, changes, this.#records);
    const after = { type: record.type, fields };
    this.#records.save(after, record);
    return after;
  }

  #bin(record: Stored, { now }: Author): void {
    const fields = { ...record.fields, IsDeleted: true, SystemModstamp: now };
    this.#records.save({ type: record.type, fields }, record);
  }

  #writable(type: SObject, id: string): Stored {
    const record = this.#records.get(id);
    if (!record || record.type !== type) throw new ApiError('NOT_FOUND', 'The requested resource does not exist');
    if (isDeleted(record)) throw new ApiError('ENTITY_IS_DELETED', 'entity is deleted');
    return record;
  }

  #fresh(type: SObject, id: string, changes: Fields, { userId, now }: Author): Fields {
    const defaults = type.fields.flatMap(({ name, defaultValue }): [string, Value][] =>
      defaultValue === undefined ? [] : [[name, defaultValue]],
    );
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== null));
    const owner: Fields = type.byName.has('ownerid') ? { OwnerId: userId } : {};
    const stamps = {
      CreatedDate: now,
      CreatedById: userId,
      LastModifiedDate: now,
      LastModifiedById: userId,
      SystemModstamp: now,
    };
    return derived(
      type,
      { Id: id, ...Object.fromEntries(defaults), ...owner, ...given, ...stamps },
      given,
      this.#records,
    );
  }

  #check(record: Stored, changes: Fields, { duplicateRule, allowDuplicates }: Author): void {
    const { type, fields } = record;
    checkRequired(type, fields);
    checkTask(type, fields);
    checkUnique(type, idOf(record), changes, this.#records);
    checkDuplicates(type, idOf(record), changes, {
      records: this.#records,
      rule: duplicateRule,
      allowSave: allowDuplicates,
    });
  }
}

const modified = ({ userId, now }: Author): Fields => ({
  LastModifiedDate: now,
  LastModifiedById: userId,
  SystemModstamp: now,
});

const emailsOf = (...all: readonly Fields[]): string[] =>
  all.flatMap(({ Email }) => (typeof Email === 'string' ? [Email.toLowerCase()] : []));
