import { type KeySchema, keyAttributes } from './key.ts';
import type { CapacityMode } from './request.ts';
import type { IndexDefinition, TableDefinition } from './table-definition.ts';
import { attributeOf, equalItems, type Item, itemSize, newItem } from './value.ts';

const READ_UNIT = 4096;
const WRITE_UNIT = 1024;

/** Read units of a number of bytes; half as many when the read may be stale. Nothing costs less than one unit. */
export function readUnits(bytes: number, consistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT)) * (consistent ? 1 : 0.5);
}

function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / WRITE_UNIT));
}

/** The part of an item that an index holds. */
export function projectOnIndex(key: KeySchema, index: IndexDefinition, item: Item): Item {
  if (!index.projected) return item;
  const part = newItem();
  const names = [...keyAttributes(key), ...keyAttributes(index.key)].map((attribute) => attribute.name);
  for (const name of [...names, ...index.projected]) {
    const value = attributeOf(item, name);
    if (value) part[name] = value;
  }
  return part;
}

function entry(definition: TableDefinition, index: IndexDefinition, item: Item | undefined): Item | undefined {
  if (!item) return undefined;
  const isIn = keyAttributes(index.key).every(({ name }) => attributeOf(item, name) !== undefined);
  return isIn ? projectOnIndex(definition.key, index, item) : undefined;
}

function sameKey({ key }: IndexDefinition, before: Item, after: Item): boolean {
  const part = (item: Item): Item => {
    const keys = newItem();
    for (const { name } of keyAttributes(key)) keys[name] = attributeOf(item, name) as Item[string];
    return keys;
  };
  return equalItems(part(before), part(after));
}

/** An entry is written when a projected attribute changes; a new index key removes one entry and puts another. */
function indexUnits(index: IndexDefinition, before: Item | undefined, after: Item | undefined): number {
  if (before && after && sameKey(index, before, after)) {
    return equalItems(before, after) ? 0 : writeUnits(Math.max(itemSize(before), itemSize(after)));
  }
  return (before ? writeUnits(itemSize(before)) : 0) + (after ? writeUnits(itemSize(after)) : 0);
}

type TableUse = { table: number; readonly indexes: Map<string, number>; read: number; write: number };

/** Adds up what one request consumes and shows it as the request asked for it. */
export class CapacityMeter {
  readonly #mode: CapacityMode;
  readonly #transactional: boolean;
  readonly #tables = new Map<string, TableUse>();

  constructor(mode: CapacityMode, transactional = false) {
    this.#mode = mode;
    this.#transactional = transactional;
  }

  #use(table: string): TableUse {
    const found = this.#tables.get(table);
    if (found) return found;
    const use = { table: 0, indexes: new Map<string, number>(), read: 0, write: 0 };
    this.#tables.set(table, use);
    return use;
  }

  read(table: string, units: number, index?: string): void {
    if (this.#mode === 'NONE') return;
    const use = this.#use(table);
    const consumed = this.#transactional ? units * 2 : units;
    use.read += consumed;
    if (index === undefined) use.table += consumed;
    else use.indexes.set(index, (use.indexes.get(index) ?? 0) + consumed);
  }

  /** A write costs the larger of the item's two sizes, and a transaction twice that (its index entries too, as DynamoDB Local counts them). */
  write(definition: TableDefinition, before: Stored | undefined, after: Stored | undefined): void {
    if (this.#mode === 'NONE') return;
    const use = this.#use(definition.name);
    const factor = this.#transactional ? 2 : 1;
    const units = writeUnits(Math.max(before?.size ?? 0, after?.size ?? 0)) * factor;
    use.table += units;
    use.write += units;
    for (const index of definition.indexes) {
      const consumed =
        indexUnits(index, entry(definition, index, before?.item), entry(definition, index, after?.item)) * factor;
      if (consumed === 0) continue;
      use.indexes.set(index.name, (use.indexes.get(index.name) ?? 0) + consumed);
      use.write += consumed;
    }
  }

  /** One entry for each table. */
  entries(): Record<string, unknown>[] {
    return [...this.#tables].map(([TableName, { table, indexes, read, write }]) => ({
      TableName,
      CapacityUnits: [...indexes.values()].reduce((sum, units) => sum + units, table),
      ...(this.#transactional && read > 0 && { ReadCapacityUnits: read }),
      ...(this.#transactional && write > 0 && { WriteCapacityUnits: write }),
      ...(this.#mode === 'INDEXES' && {
        Table: { CapacityUnits: table },
        ...(indexes.size > 0 && {
          GlobalSecondaryIndexes: Object.fromEntries(
            [...indexes].map(([name, CapacityUnits]) => [name, { CapacityUnits }]),
          ),
        }),
      }),
    }));
  }

  /** The answer's member for actions on one table. */
  single(): Record<string, unknown> {
    return this.#mode === 'NONE' ? {} : { ConsumedCapacity: this.entries()[0] };
  }

  /** The answer's member for actions on several tables. */
  list(): Record<string, unknown> {
    return this.#mode === 'NONE' ? {} : { ConsumedCapacity: this.entries() };
  }
}

/** An item as the table holds it; `size` is in DynamoDB's bytes. */
export type Stored = { readonly item: Item; readonly text: string; readonly size: number };
