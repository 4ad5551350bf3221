import * as z from 'zod/mini';
import { ObjectId } from '../associations/schema.ts';
import { CrmError } from '../core/errors.ts';

export const ListPath = z.object({ listId: z.string() });

/** HubSpot's body. What is not carried out is refused by its name in `refuseUnserved`, so that nobody is misled. */
export const ListCreate = z.object({
  name: z.string().check(z.minLength(1), z.maxLength(200)),
  objectTypeId: z.string().check(z.minLength(1)),
  processingType: z.enum(['MANUAL', 'SNAPSHOT', 'DYNAMIC']),
  filterBranch: z.optional(z.unknown()),
  listFolderId: z.optional(z.unknown()),
  customProperties: z.optional(z.unknown()),
  listPermissions: z.optional(z.unknown()),
  membershipSettings: z.optional(z.unknown()),
});
export type ListCreate = z.output<typeof ListCreate>;

/** How many ids one request may add or take away. */
const mostIds = 5000;
export const RecordIds = z.array(ObjectId).check(z.maxLength(mostIds, `takes at most ${mostIds} record ids`));
export const MembershipChange = z.object({ recordIdsToAdd: RecordIds, recordIdsToRemove: RecordIds });

/** A list as it is stored; its size is a counter of its own. */
export const StoredList = z.object({
  listId: z.string(),
  name: z.string(),
  objectTypeId: z.string(),
  processingType: z.enum(['MANUAL', 'SNAPSHOT']),
  listVersion: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
  createdById: z.optional(z.string()),
  version: z.number(),
});
export type StoredList = z.output<typeof StoredList>;

export const PublicList = z.object({
  listId: z.string(),
  name: z.string(),
  objectTypeId: z.string(),
  processingType: z.string(),
  processingStatus: z.literal('COMPLETE'),
  listVersion: z.number(),
  size: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
  createdById: z.optional(z.string()),
});
type PublicList = z.output<typeof PublicList>;

export const MembershipsUpdate = z.object({
  recordsIdsAdded: z.array(z.string()),
  recordIdsRemoved: z.array(z.string()),
  recordIdsMissing: z.array(z.string()),
});
export type MembershipsUpdate = z.output<typeof MembershipsUpdate>;

export const toPublicList = ({ version: _, ...list }: StoredList, size: number): PublicList => ({
  ...list,
  processingStatus: 'COMPLETE',
  size,
});

/** @throws CrmError 400 naming what lists do not do yet: filters, folders, permissions */
export function refuseUnserved(input: ListCreate): void {
  const fields = (
    ['filterBranch', 'listFolderId', 'customProperties', 'listPermissions', 'membershipSettings'] as const
  ).filter((field) => input[field] !== undefined && input[field] !== null);
  const unserved = input.processingType === 'DYNAMIC' ? ['processingType', ...fields] : fields;
  if (unserved.length === 0) return;
  throw new CrmError(
    'VALIDATION_ERROR',
    `Lists hold the records that are put into them: ${unserved.join(', ')} is not carried out`,
    {
      errors: unserved.map((field) => ({ message: `${field} is not carried out`, code: 'NOT_SUPPORTED', in: field })),
    },
  );
}
