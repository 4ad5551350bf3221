import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import type { Key } from '../table/keys.ts';
import type { Item } from '../table/write.ts';

export type Stored = Key & Item;

/** Something that does not agree. Keys only: a value may be a person's. */
export type Problem = { readonly check: string; readonly key: string; readonly what: string };

/** Looks at items of its kind as they are now, and at what they must agree with. */
export type Check = {
  /** Items that it looks at: the `entity` that they carry. */
  readonly entity: string;
  readonly examine: (app: App, items: readonly Stored[]) => Promise<readonly Problem[]>;
};

/** Counts over the whole table, held against what is stored when all has been seen. */
export type Tally = {
  readonly entities: readonly string[];
  readonly see: (item: Stored) => void;
  readonly settle: (app: App) => Promise<readonly Problem[]>;
};

export const nameOf = ({ pk, sk }: Key): string => `${pk} | ${sk}`;

const Raw = z.catchall(z.object({ pk: z.string(), sk: z.string() }), z.unknown());

/** Items under keys as they are now, by name. */
export async function itemsAt(app: App, keys: readonly Key[]): Promise<ReadonlyMap<string, Stored>> {
  const distinct = [...new Map(keys.map((key) => [nameOf(key), { pk: key.pk, sk: key.sk }])).values()];
  const found = await app.table.getMany(distinct, Raw);
  return new Map(found.map((item) => [nameOf(item), item]));
}
