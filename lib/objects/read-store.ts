import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { indexKey, indexPartition, recordKey, typeListing, uniqueKey } from '../table/keys.ts';
import type { ObjectType } from './definition.ts';
import { loadObjectType } from './definition-store.ts';
import { indexValueOf, isIndexed } from './index-value.ts';
import { isRecordId } from './not-found.ts';
import { CrmRecord } from './record.ts';
import { uniqueValueOf } from './unique-value.ts';

/** A record by its id, or by a property whose values are unique. */
export type RecordReference = { readonly id: string; readonly idProperty?: string };

/** The row that a unique value occupies; `id` is its owner. */
export const UniqueRow = z.object({ pk: z.string(), id: z.string() });
const IndexRow = z.object({ sk: z.string(), id: z.string() });

/** The record as it is now; `archived` reads those in the archive instead of the others, `followMerged` leads from a merged one to the survivor. */
export async function readRecord(
  app: App,
  objectType: string,
  ref: RecordReference,
  { archived = false, followMerged = false }: { archived?: boolean; followMerged?: boolean } = {},
): Promise<CrmRecord | undefined> {
  const id = isRecordId(ref.idProperty) ? ref.id : await uniqueOwner(app, objectType, ref.idProperty ?? '', ref.id);
  const record = id === undefined ? undefined : await app.table.get(recordKey({ objectType, id }), CrmRecord);
  if (!record?.mergedInto) return record && (record.archivedAt !== undefined) === archived ? record : undefined;
  return followMerged && !archived
    ? readRecord(app, objectType, { id: record.mergedInto }, { followMerged })
    : undefined;
}

/** The id of the record that has a unique value. @throws CrmError 400 when the property is not unique */
export async function uniqueOwner(
  app: App,
  objectType: string,
  property: string,
  value: string,
): Promise<string | undefined> {
  const key = await uniqueRowKey(app, objectType, property, value);
  return (await app.table.get(key, UniqueRow))?.id;
}

/** The key of the row that says which record has a unique value. @throws CrmError 400 when the property is not unique */
export async function uniqueRowKey(app: App, objectType: string, property: string, value: string) {
  const isUnique = (type: ObjectType) => type.properties.get(property)?.hasUniqueValue === true;
  const cached = await loadObjectType(app, objectType);
  const type = isUnique(cached) ? cached : await loadObjectType(app, objectType, { fresh: true });
  const definition = type.properties.get(property);
  if (!definition?.hasUniqueValue) {
    throw new CrmError('VALIDATION_ERROR', `Unable to perform update/upsert by non-unique ${objectType} property`, {
      context: { idProperty: [property] },
    });
  }
  return uniqueKey(objectType, property, uniqueValueOf(definition, value));
}

/** Ids of records that have this value now, by the row of the unique value or by the index; none when the property has neither. */
export async function findByValue(
  app: App,
  objectType: string,
  property: string,
  value: string,
  limit: number,
): Promise<string[]> {
  const definition = (await loadObjectType(app, objectType)).properties.get(property);
  if (!definition) return [];
  if (definition.hasUniqueValue) {
    const owner = await app.table.get(uniqueKey(objectType, property, uniqueValueOf(definition, value)), UniqueRow);
    return owner ? [owner.id] : [];
  }
  const ordered = isIndexed(definition) ? indexValueOf(definition, value) : undefined;
  if (ordered === undefined) return [];
  const { items } = await app.table.query(
    { pk: indexPartition(objectType, property), prefix: indexKey(objectType, property, ordered, '').sk, limit },
    IndexRow,
  );
  return items.map(({ id }) => id);
}

/** A page of a type's records by id, the archived ones or the others. Newly created ones may appear a moment late. */
export async function listRecords(
  app: App,
  objectType: string,
  { archived, limit, after }: { archived: boolean; limit: number; after?: string },
): Promise<{ records: CrmRecord[]; more: boolean }> {
  const listing = typeListing(objectType, archived);
  const startAfter = after ? { ...recordKey({ objectType, id: after }), gsi1pk: listing, gsi1sk: after } : undefined;
  const page = await app.table.query(
    { pk: listing, index: 'gsi1', limit: limit + 1, ...(startAfter && { startAfter }) },
    CrmRecord,
  );
  const more = page.items.length > limit || (page.items.length < limit + 1 && page.lastKey !== undefined);
  return { records: page.items.slice(0, limit), more };
}
