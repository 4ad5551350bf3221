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

/** `MANUAL`: filled by hand. `SNAPSHOT`: filled once by its filters, then by hand. `DYNAMIC`: follows its filters. */
const ProcessingType = z.enum(['MANUAL', 'SNAPSHOT', 'DYNAMIC']);
/** `PROCESSING` while a job goes through all candidates of new filters. */
const ProcessingStatus = z.enum(['COMPLETE', 'PROCESSING']);

const ListPermissions = z.object({ teamsWithEditAccess: z.array(z.int()), usersWithEditAccess: z.array(z.int()) });
const MembershipSettings = z.object({
  membershipTeamId: z.optional(z.int()),
  includeUnassigned: z.optional(z.boolean()),
});

/** A list as it is stored; its size is a counter of its own. */
export const StoredList = z.object({
  listId: z.string(),
  name: z.string(),
  objectTypeId: z.string(),
  processingType: ProcessingType,
  processingStatus: z._default(ProcessingStatus, 'COMPLETE'),
  filterBranch: z.optional(z.record(z.string(), z.unknown())),
  filtersUpdatedAt: z.optional(z.string()),
  /** Rises with each change of the filters: what was decided by earlier ones counts no more. */
  generation: z._default(z.number(), 1),
  backfillJobId: z.optional(z.string()),
  /** Absent: it lies in the topmost folder. */
  folderId: z.optional(z.string()),
  customProperties: z.optional(z.record(z.string(), z.string())),
  listPermissions: z.optional(ListPermissions),
  membershipSettings: z.optional(MembershipSettings),
  listVersion: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
  createdById: z.optional(z.string()),
  updatedById: z.optional(z.string()),
  /** A deleted list keeps its rows for 90 days, so that it can be restored. */
  deletedAt: z.optional(z.string()),
  version: z.number(),
});
export type StoredList = z.output<typeof StoredList>;

export const PublicList = z.object({
  listId: z.string(),
  name: z.string(),
  objectTypeId: z.string(),
  processingType: ProcessingType,
  processingStatus: ProcessingStatus,
  filterBranch: z.optional(z.record(z.string(), z.unknown())),
  filtersUpdatedAt: z.optional(z.string()),
  listPermissions: z.optional(ListPermissions),
  membershipSettings: z.optional(MembershipSettings),
  listVersion: z.number(),
  size: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
  createdById: z.optional(z.string()),
  updatedById: z.optional(z.string()),
  deletedAt: z.optional(z.string()),
});
type PublicList = z.output<typeof PublicList>;

export const MembershipsUpdate = z.object({
  recordsIdsAdded: z.array(z.string()),
  recordIdsRemoved: z.array(z.string()),
  recordIdsMissing: z.array(z.string()),
});
export type MembershipsUpdate = z.output<typeof MembershipsUpdate>;

/** A list as the API shows it; its filters only to those who ask for them. */
export function toPublicList(
  { filterBranch, ...list }: StoredList,
  size: number,
  { includeFilters = false } = {},
): PublicList {
  return PublicList.parse({ ...list, size, ...(includeFilters && filterBranch && { filterBranch }) });
}

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
