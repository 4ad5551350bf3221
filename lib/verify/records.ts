import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import type { ObjectType } from '../objects/definition.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { CrmRecord } from '../objects/record.ts';
import { rowsOf } from '../objects/record-steps.ts';
import { type Key, recordKey } from '../table/keys.ts';
import { type Check, itemsAt, nameOf, type Problem, type Stored } from './check.ts';

/** The definitions of a record's type, read once for the walk; undefined when the type was deleted and its records are left. */
export function typeOf(app: App, objectType: string): Promise<ObjectType | undefined> {
  const name = `verify ${objectType}`;
  const known = app.memo.get(name) as Promise<ObjectType | undefined> | undefined;
  if (known) return known;
  const read = loadObjectType(app, objectType, { fresh: true }).catch((error: unknown) => {
    if (error instanceof CrmError && error.category === 'VALIDATION_ERROR') return undefined;
    throw error;
  });
  app.memo.set(name, read);
  return read;
}

/** Every row by which a record is found is there and names the record. */
const found: Check = {
  entity: 'record',
  examine: async (app, items) => {
    const expected: { row: Stored; record: CrmRecord }[] = [];
    for (const item of items) {
      const record = CrmRecord.parse(item);
      const type = await typeOf(app, record.objectType);
      if (type) for (const row of rowsOf(type, record).values()) expected.push({ row: { ...row }, record });
    }
    const rows = await itemsAt(
      app,
      expected.map(({ row }) => row),
    );
    return expected.flatMap(({ row, record }): Problem[] => {
      const stored = rows.get(nameOf(row));
      if (stored?.id === record.id) return [];
      const what = stored ? 'belongs to another record' : 'is missing';
      return [{ check: 'record', key: nameOf(recordKey(record)), what: `its row ${kindOf(row)} ${what}` }];
    });
  },
};

/** A row's partition without the value that may be in it. */
const kindOf = ({ pk }: Key) => pk.split('#').slice(0, 3).join('#');

/** Every row belongs to a record that lives and has this value. */
const owned = (entity: 'index' | 'unique'): Check => ({
  entity,
  examine: async (app, items) => {
    const rows = items.filter(({ objectType, id }) => typeof objectType === 'string' && typeof id === 'string');
    const owner = (row: Stored) => recordKey({ objectType: String(row.objectType), id: String(row.id) });
    const records = await itemsAt(app, rows.map(owner));
    const problems: Problem[] = [];
    for (const row of rows) {
      const record = records.get(nameOf(owner(row)));
      const type = await typeOf(app, String(row.objectType));
      const problem = type && problemOf(type, row, record && CrmRecord.parse(record));
      if (problem) problems.push({ check: entity, key: `${kindOf(row)} of ${row.id}`, what: problem });
    }
    return problems;
  },
});

function problemOf(type: ObjectType, row: Stored, record: CrmRecord | undefined): string | undefined {
  if (!record) return 'its record is gone';
  if (record.archivedAt) return 'its record is archived';
  const expected = [...rowsOf(type, record).values()].some((each) => nameOf(each) === nameOf(row));
  return expected ? undefined : 'its record has another value';
}

export const recordChecks: readonly Check[] = [found, owned('index'), owned('unique')];
