import * as z from 'zod/mini';
import { ObjectId } from '../associations/schema.ts';
import { Conversion } from './conversion.ts';

export const ListPath = z.object({ listId: z.string() });

/** HubSpot's limits on a text that people give a list. */
export const ListName = z.string().check(z.minLength(1), z.maxLength(200));

/** HubSpot's language of filters, answered as it was stored; who sets or evaluates it parses it as `FilterBranch`. */
const StoredFilters = z.record(z.string(), z.unknown());

/** `MANUAL`: filled by hand. `SNAPSHOT`: filled once by its filters, then by hand. `DYNAMIC`: follows its filters. */
const ProcessingType = z.enum(['MANUAL', 'SNAPSHOT', 'DYNAMIC']);
/** `PROCESSING` while a job goes through all candidates of new filters. */
const ProcessingStatus = z.enum(['COMPLETE', 'PROCESSING']);

const ListPermissions = z.object({ teamsWithEditAccess: z.array(z.int()), usersWithEditAccess: z.array(z.int()) });
const MembershipSettings = z.object({
  membershipTeamId: z.optional(z.nullable(z.int())),
  includeUnassigned: z.optional(z.nullable(z.boolean())),
});

/** Permissions and membership settings are kept and answered; a token's scopes decide who may do what. */
export const ListCreate = z.object({
  name: ListName,
  objectTypeId: z.string().check(z.minLength(1)),
  processingType: ProcessingType,
  filterBranch: z.optional(z.nullable(StoredFilters)),
  listFolderId: z.optional(z.nullable(ObjectId)),
  customProperties: z.optional(z.nullable(z.record(z.string(), z.string()))),
  listPermissions: z.optional(z.nullable(ListPermissions)),
  membershipSettings: z.optional(z.nullable(MembershipSettings)),
});
export type ListCreate = z.output<typeof ListCreate>;

export const FilterUpdate = z.object({ filterBranch: StoredFilters });

export const ListSearch = z.object({
  query: z.optional(z.string()),
  processingTypes: z.optional(z.array(z.string())),
  listIds: z.optional(z.array(ObjectId)),
  objectTypeId: z.optional(z.string()),
  additionalProperties: z.optional(z.array(z.string())),
  sort: z.optional(z.string()),
  count: z._default(z.int().check(z.minimum(1), z.maximum(500)), 20),
  offset: z._default(z.int().check(z.minimum(0)), 0),
});
export type ListSearch = z.output<typeof ListSearch>;

/** How many ids one request may add or take away. */
const mostIds = 5000;
export const RecordIds = z.array(ObjectId).check(z.maxLength(mostIds, `takes at most ${mostIds} record ids`));
export const MembershipChange = z.object({ recordIdsToAdd: RecordIds, recordIdsToRemove: RecordIds });

/** A list as it is stored; its size is a counter of its own. */
export const StoredList = z.object({
  listId: z.string(),
  name: z.string(),
  objectTypeId: z.string(),
  processingType: ProcessingType,
  processingStatus: z._default(ProcessingStatus, 'COMPLETE'),
  filterBranch: z.optional(StoredFilters),
  filtersUpdatedAt: z.optional(z.string()),
  /** Rises with each change of the filters: what was decided by earlier ones counts no more. */
  generation: z._default(z.number(), 1),
  backfillJobId: z.optional(z.string()),
  /** Whom the job adds that goes through the candidates does not enter flows. */
  quiet: z.optional(z.boolean()),
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
  /** It becomes a static list at some time, or became one. */
  conversion: z.optional(Conversion),
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
  filterBranch: z.optional(StoredFilters),
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

/** A list that was searched for. Its size is always among the additional properties, as is each custom one that is asked for. */
export const FoundList = z.extend(z.omit(PublicList, { size: true, filterBranch: true }), {
  additionalProperties: z.record(z.string(), z.string()),
});

export function toFoundList(list: StoredList, size: number, asked: readonly string[]): z.output<typeof FoundList> {
  const known: Readonly<Record<string, string>> = {
    ...list.customProperties,
    hs_list_size: String(size),
    ...(list.folderId && { hs_folder_id: list.folderId }),
  };
  const names = [...new Set(['hs_list_size', ...asked])].filter((name) => known[name] !== undefined);
  const additionalProperties = Object.fromEntries(names.map((name) => [name, known[name] ?? '']));
  return FoundList.parse({ ...list, additionalProperties });
}

const RecordMembership = z.object({
  listId: z.string(),
  listVersion: z.number(),
  isPublicList: z.boolean(),
  firstAddedTimestamp: z.string(),
  lastAddedTimestamp: z.string(),
});
export const RecordMemberships = z.object({ results: z.array(RecordMembership) });

/** Each input is a query of its own. */
const mostRecords = 500;
export const RecordsAsked = z.object({
  inputs: z
    .array(z.object({ objectTypeId: z.string(), recordId: ObjectId }))
    .check(z.maxLength(mostRecords, `takes at most ${mostRecords} inputs`)),
});
export const BatchMemberships = z.looseObject({
  status: z.string(),
  startedAt: z.string(),
  completedAt: z.string(),
  results: z.array(
    z.object({
      objectTypeId: z.string(),
      recordId: z.string(),
      recordListMemberships: z.array(RecordMembership),
    }),
  ),
});

/** HubSpot once had other ids for lists; here a list has one, which is its own counterpart. */
export const IdMapping = z.object({ listId: z.string(), legacyListId: z.string() });
const mostMapped = 10_000;
export const LegacyIds = z.array(ObjectId).check(z.maxLength(mostMapped, `takes at most ${mostMapped} ids`));
