import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { indexPartition, type RecordRef, typeListing } from '../table/keys.ts';

const Listed = z.object({ id: z.string() });

/** A type, and the property that holds when a record of it was created. */
export type Walked = { readonly objectType: string; readonly createdProperty: string };

/** Where a page ended, as the table says it. */
export const ListedAfter = z.record(z.string(), z.string());
export type ListedAfter = z.output<typeof ListedAfter>;
export type RefPage = { readonly refs: RecordRef[]; readonly after?: ListedAfter };

/**
 * A page of the live records of a type, read consistently: by the index rows of the date of creation, which every live record
 * has (it is set at creation, indexed for every type, and cannot be cleared) and which is written in the record's own transaction.
 */
export async function livePage(
  app: App,
  { objectType, createdProperty }: Walked,
  { after, limit }: { readonly after?: ListedAfter; readonly limit: number },
): Promise<RefPage> {
  const { items, lastKey } = await app.table.query(
    { pk: indexPartition(objectType, createdProperty), limit, ...(after && { startAfter: after }) },
    Listed,
  );
  return pageOf(objectType, items, lastKey);
}

/** A page of the archived records of a type; one that was archived a moment ago may be missing. */
export async function archivedPage(
  app: App,
  { objectType }: Pick<Walked, 'objectType'>,
  { after, limit }: { readonly after?: ListedAfter; readonly limit: number },
): Promise<RefPage> {
  const { items, lastKey } = await app.table.query(
    { pk: typeListing(objectType, true), index: 'gsi1', limit, ...(after && { startAfter: after }) },
    Listed,
  );
  return pageOf(objectType, items, lastKey);
}

const pageOf = (
  objectType: string,
  items: readonly { readonly id: string }[],
  lastKey: Record<string, unknown> | undefined,
): RefPage => ({
  refs: items.map(({ id }) => ({ objectType, id })),
  ...(lastKey && { after: ListedAfter.parse(lastKey) }),
});
