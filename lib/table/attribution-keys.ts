import type { Key, RecordRef } from './keys.ts';

/** What a contact (or a won deal) adds to the attribution by source, campaign or page: with the record. */
export const attributionRowKey = ({ objectType, id }: RecordRef, by: string): Key => ({
  pk: `${objectType}#${id}`,
  sk: `attribution#${by}`,
});
/** gsi1: the records of a type behind a key, by day and id. */
export const attributionListing = (by: string, key: string, objectType: string) =>
  `attribution#${by}#${objectType}#${key}`;

export const attributionPartition = (by: string) => `attribution#${by}`;
/** The figures of a key, once by day and once by month: a long period is read by its months. */
export const attributionPrefix = (unit: 'day' | 'month', bucket: string) => `${unit}#${bucket}`;
export const attributionCellKey = (by: string, unit: 'day' | 'month', bucket: string, key: string): Key => ({
  pk: attributionPartition(by),
  sk: `${attributionPrefix(unit, bucket)}#${key}`,
});
