import * as z from 'zod/mini';
import { After, InlineAssociation, ObjectId } from '../associations/schema.ts';
import { limitUpTo, Paging } from '../core/page.ts';

export const ObjectTypePath = z.object({ objectType: z.string() });
export const RecordPath = z.extend(ObjectTypePath, { objectId: z.string() });

/** `a,b` and `a=1&a=2` (which API Gateway joins with commas) are the same list. */
const NameList = z.pipe(
  z.string(),
  z.transform((text) => [...new Set(text.split(',').map((name) => name.trim()))].filter(Boolean)),
);

export const BooleanText = z.pipe(
  z.enum(['true', 'false', '']),
  z.transform((text) => text === 'true'),
);

const shown = {
  properties: z.optional(NameList),
  propertiesWithHistory: z.optional(NameList),
  associations: z.optional(NameList),
  archived: z.optional(BooleanText),
};

export const ListQuery = z.object({
  ...shown,
  limit: z.optional(limitUpTo(100)),
  after: z.optional(After),
});
export const GetQuery = z.object({ ...shown, idProperty: z.optional(z.string()) });
export const UpdateQuery = z.object({ idProperty: z.optional(z.string()) });
export const BatchReadQuery = z.object({ archived: z.optional(BooleanText) });

/** HubSpot's clients send strings; JSON numbers and booleans are taken as their text, null clears. */
export const PropertyValues = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null()], 'must be a string, a number, a boolean or null'),
);

const associations = z.optional(z.nullable(z.array(InlineAssociation).check(z.maxLength(100))));
export const CreateInput = z.object({ properties: PropertyValues, associations });
export const UpdateInput = z.object({ properties: PropertyValues });

export const MergeInput = z.object({ primaryObjectId: ObjectId, objectIdToMerge: ObjectId });
export const GdprDeleteInput = z.object({
  objectId: z.string().check(z.minLength(1)),
  idProperty: z.optional(z.string()),
});

const upTo100 = <S extends z.ZodMiniType>(input: S) =>
  z.object({ inputs: z.array(input).check(z.maxLength(100, 'takes at most 100 inputs')) });

const traceId = z.optional(z.string());
export const BatchCreateInput = upTo100(
  z.object({ properties: PropertyValues, associations, objectWriteTraceId: traceId }),
);
const IdentifiedInput = z.object({
  id: ObjectId,
  idProperty: z.optional(z.string()),
  properties: PropertyValues,
  objectWriteTraceId: traceId,
});
export const BatchUpdateInput = upTo100(IdentifiedInput);
export const BatchUpsertInput = upTo100(IdentifiedInput);
export type IdentifiedInput = z.output<typeof IdentifiedInput>;
export const BatchArchiveInput = upTo100(z.object({ id: ObjectId }));
export const BatchReadInput = z.extend(upTo100(z.object({ id: ObjectId })), {
  properties: z.optional(z.array(z.string())),
  propertiesWithHistory: z.optional(z.array(z.string())),
  idProperty: z.optional(z.string()),
});

export const HistoryEntry = z.object({
  value: z.string(),
  timestamp: z.string(),
  sourceType: z.string(),
  sourceId: z.optional(z.string()),
  updatedByUserId: z.optional(z.number()),
});
export type HistoryEntry = z.output<typeof HistoryEntry>;

export const AssociatedIds = z.object({
  results: z.array(z.object({ id: z.string(), type: z.string() })),
  paging: z.optional(Paging),
});
export type AssociatedIds = z.output<typeof AssociatedIds>;

/** A record as HubSpot's API shows it. */
export const PublicRecord = z.object({
  id: z.string(),
  properties: z.record(z.string(), z.nullable(z.string())),
  createdAt: z.string(),
  updatedAt: z.string(),
  archived: z.boolean(),
  archivedAt: z.optional(z.string()),
  propertiesWithHistory: z.optional(z.record(z.string(), z.array(HistoryEntry))),
  associations: z.optional(z.record(z.string(), AssociatedIds)),
  new: z.optional(z.boolean()),
  objectWriteTraceId: z.optional(z.string()),
});
export type PublicRecord = z.output<typeof PublicRecord>;

export const PublicRecordPage = z.object({ results: z.array(PublicRecord), paging: z.optional(Paging) });

export const BatchError = z.object({
  status: z.literal('error'),
  category: z.string(),
  message: z.string(),
  subCategory: z.optional(z.string()),
  errors: z.array(z.looseObject({ message: z.string() })),
  context: z.record(z.string(), z.array(z.string())),
  links: z.record(z.string(), z.string()),
});
export type BatchError = z.output<typeof BatchError>;

/** HubSpot's envelope of a batch; `numErrors` and `errors` are there only when something failed. */
export const batchOf = <S extends z.ZodMiniType>(result: S) =>
  z.object({
    status: z.literal('COMPLETE'),
    results: z.array(result),
    numErrors: z.optional(z.number()),
    errors: z.optional(z.array(BatchError)),
    startedAt: z.string(),
    completedAt: z.string(),
    requestedAt: z.string(),
  });
export const RecordBatch = batchOf(PublicRecord);
