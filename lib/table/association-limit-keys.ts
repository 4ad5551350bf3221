import type { Key, RecordRef } from './keys.ts';

/** The limits of all pairs of object types lie together: people set them, so there are few. */
export const associationLimitPartition = 'association-limit';
const associationLimitPrefix = (fromObjectType: string, toObjectType: string) =>
  `limit#${fromObjectType}#${toObjectType}#`;
export const associationLimitKey = (fromObjectType: string, toObjectType: string, typeId: number): Key => ({
  pk: associationLimitPartition,
  sk: `${associationLimitPrefix(fromObjectType, toObjectType)}${typeId}`,
});

/** Rises with each change of a record's associations of a type that has a limit: those who change them take turns. */
export const associationTurnKey = ({ objectType, id }: RecordRef, toObjectType: string): Key => ({
  pk: `${objectType}#${id}`,
  sk: `limited#${toObjectType}`,
});

/** The records that have used most of a limit. */
export const nearLimitPartition = (fromObjectType: string, toObjectType: string) =>
  `near-limit#${fromObjectType}#${toObjectType}`;
export const nearLimitKey = (from: RecordRef, toObjectType: string, typeId: number): Key => ({
  pk: nearLimitPartition(from.objectType, toObjectType),
  sk: `near#${typeId}#${from.id}`,
});
