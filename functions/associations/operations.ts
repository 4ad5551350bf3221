import * as z from 'zod/mini';
import { LimitInput, PublicLimit } from '../../lib/associations/limits.ts';
import {
  After,
  AssociatedWithLabels,
  AssociationSpecs,
  BatchArchivedPairs,
  BatchFrom,
  BatchLabelledPairs,
  BatchNamedPairs,
  BatchPairs,
  CreateLabelInput,
  DefaultAssociation,
  FromRecordPath,
  LabelList,
  PairLabels,
  PairPath,
  PairTypesPath,
  PublicRef,
  UpdateLabelInput,
} from '../../lib/associations/schema.ts';
import { operations, workers } from '../../lib/core/operation.ts';
import { limitUpTo, Paging } from '../../lib/core/page.ts';
import { AssociatedIds, batchOf, PublicRecord } from '../../lib/objects/schema.ts';

const pairScope = 'crm.objects.{fromObjectType}';
const reads = { scope: `${pairScope}.read`, uses: ['table:read'] } as const;
const writes = { scope: `${pairScope}.write`, uses: ['table:read', 'table:write'] } as const;
const readsRecord = { scope: 'crm.objects.{objectType}.read', uses: ['table:read'] } as const;
const writesRecord = { scope: 'crm.objects.{objectType}.write', uses: ['table:read', 'table:write'] } as const;
/** Two thousand pairs make about a hundred transactions. */
const batch = { timeoutSeconds: 28, maxBodyBytes: 2 * 1024 * 1024 } as const;

const limitsPath = '/crm/v4/associations/definitions/configurations/{fromObjectType}/{toObjectType}';
const LimitList = z.object({ results: z.array(PublicLimit) });
const BatchLimits = z.object({ inputs: z.array(LimitInput).check(z.maxLength(100)) });

const PageQuery = z.object({ limit: z.optional(limitUpTo(500)), after: z.optional(After) });

export const associations = operations('associations', {
  list: {
    ...readsRecord,
    route: 'GET /crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}',
    summary: 'Read the associations of a record with their labels',
    path: FromRecordPath,
    query: PageQuery,
    status: 200,
    output: z.object({ results: z.array(AssociatedWithLabels), paging: z.optional(Paging) }),
  },
  set: {
    ...writesRecord,
    route: 'PUT /crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}',
    summary: 'Associate two records with these labels',
    path: PairPath,
    body: AssociationSpecs,
    status: 201,
    output: PairLabels,
    timeoutSeconds: 20,
  },
  setDefault: {
    ...writesRecord,
    route: 'PUT /crm/v4/objects/{objectType}/{objectId}/associations/default/{toObjectType}/{toObjectId}',
    summary: 'Associate two records without a label',
    path: PairPath,
    status: 200,
    output: batchOf(DefaultAssociation),
    timeoutSeconds: 20,
  },
  remove: {
    ...writesRecord,
    route: 'DELETE /crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}',
    summary: 'Remove every association of two records',
    path: PairPath,
    status: 204,
    timeoutSeconds: 20,
  },
  batchCreate: {
    ...writes,
    ...batch,
    route: 'POST /crm/v4/associations/{fromObjectType}/{toObjectType}/batch/create',
    summary: 'Associate up to 2,000 pairs with labels',
    path: PairTypesPath,
    body: BatchLabelledPairs,
    status: [201, 207],
    output: batchOf(PairLabels),
  },
  batchAssociateDefault: {
    ...writes,
    ...batch,
    route: 'POST /crm/v4/associations/{fromObjectType}/{toObjectType}/batch/associate/default',
    summary: 'Associate up to 2,000 pairs without a label',
    path: PairTypesPath,
    body: BatchPairs,
    status: 200,
    output: batchOf(DefaultAssociation),
  },
  batchRead: {
    ...reads,
    route: 'POST /crm/v4/associations/{fromObjectType}/{toObjectType}/batch/read',
    summary: 'Read the associations of up to 1,000 records',
    path: PairTypesPath,
    body: BatchFrom,
    status: [200, 207],
    output: batchOf(z.object({ from: PublicRef, to: z.array(AssociatedWithLabels), paging: z.optional(Paging) })),
    timeoutSeconds: 28,
  },
  batchArchive: {
    ...writes,
    ...batch,
    route: 'POST /crm/v4/associations/{fromObjectType}/{toObjectType}/batch/archive',
    summary: 'Remove every association of many pairs',
    path: PairTypesPath,
    body: BatchArchivedPairs,
    status: 204,
  },
  batchArchiveLabels: {
    ...writes,
    ...batch,
    route: 'POST /crm/v4/associations/{fromObjectType}/{toObjectType}/batch/labels/archive',
    summary: 'Take labels off many pairs',
    path: PairTypesPath,
    body: BatchLabelledPairs,
    status: 204,
  },
  listLabels: {
    ...reads,
    route: 'GET /crm/v4/associations/{fromObjectType}/{toObjectType}/labels',
    summary: 'Read the association types of two object types',
    path: PairTypesPath,
    status: 200,
    output: LabelList,
  },
  createLabel: {
    ...writes,
    route: 'POST /crm/v4/associations/{fromObjectType}/{toObjectType}/labels',
    summary: 'Make a label for pairs of two object types',
    path: PairTypesPath,
    body: CreateLabelInput,
    status: 200,
    output: LabelList,
  },
  updateLabel: {
    ...writes,
    route: 'PUT /crm/v4/associations/{fromObjectType}/{toObjectType}/labels',
    summary: 'Rename a label',
    path: PairTypesPath,
    body: UpdateLabelInput,
    status: 204,
  },
  deleteLabel: {
    ...writes,
    route: 'DELETE /crm/v4/associations/{fromObjectType}/{toObjectType}/labels/{associationTypeId}',
    summary: 'Delete a label',
    path: z.extend(PairTypesPath, { associationTypeId: z.string().check(z.regex(/^\d{1,9}$/, 'is not a type id')) }),
    status: 204,
  },
  listAllLimits: {
    route: 'GET /crm/v4/associations/definitions/configurations/all',
    summary: 'Read every limit of associations that was set',
    scope: null,
    status: 200,
    output: LimitList,
    uses: ['table:read'],
  },
  listLimits: {
    ...reads,
    route: `GET ${limitsPath}`,
    summary: 'Read the limits of associations between two object types',
    path: PairTypesPath,
    status: 200,
    output: LimitList,
  },
  createLimits: {
    ...writes,
    route: `POST ${limitsPath}/batch/create`,
    summary: 'Limit how many records one record may be associated with',
    path: PairTypesPath,
    body: BatchLimits,
    status: [201, 207],
    output: batchOf(PublicLimit),
  },
  updateLimits: {
    ...writes,
    route: `POST ${limitsPath}/batch/update`,
    summary: 'Change limits of associations',
    path: PairTypesPath,
    body: BatchLimits,
    status: [200, 207],
    output: batchOf(PublicLimit),
  },
  purgeLimits: {
    ...writes,
    route: `POST ${limitsPath}/batch/purge`,
    summary: 'Take limits of associations away',
    path: PairTypesPath,
    body: z.object({
      inputs: z.array(z.object({ category: z.string(), typeId: z.int() })).check(z.maxLength(100)),
    }),
    status: 204,
  },
  mailUsageReport: {
    route: 'POST /crm/v4/associations/usage/high-usage-report/{userId}',
    summary: 'Mail a user the records that are near a limit of associations',
    scope: null,
    path: z.object({ userId: z.string() }),
    status: 200,
    output: z.object({ userEmail: z.string(), userId: z.number(), enqueueTime: z.string() }),
    uses: ['table:read', 'mail:send'],
  },
  listTypes: {
    ...reads,
    route: 'GET /crm/v3/associations/{fromObjectType}/{toObjectType}/types',
    summary: 'Read the names of the association types of two object types',
    path: PairTypesPath,
    status: 200,
    output: z.object({ results: z.array(z.object({ id: z.string(), name: z.string() })) }),
  },
  listNamed: {
    ...readsRecord,
    route: 'GET /crm/v3/objects/{objectType}/{objectId}/associations/{toObjectType}',
    summary: 'Read the associations of a record by the names of their types',
    path: FromRecordPath,
    query: PageQuery,
    status: 200,
    output: AssociatedIds,
  },
  setNamed: {
    ...writesRecord,
    route: 'PUT /crm/v3/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}/{associationType}',
    summary: 'Associate two records by the name or id of a type',
    path: z.extend(PairPath, { associationType: z.string() }),
    status: 200,
    output: PublicRecord,
    timeoutSeconds: 20,
  },
  removeNamed: {
    ...writesRecord,
    route: 'DELETE /crm/v3/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}/{associationType}',
    summary: 'Take one association type off two records',
    path: z.extend(PairPath, { associationType: z.string() }),
    status: 204,
    timeoutSeconds: 20,
  },
  batchCreateNamed: {
    ...writes,
    ...batch,
    route: 'POST /crm/v3/associations/{fromObjectType}/{toObjectType}/batch/create',
    summary: 'Associate up to 2,000 pairs by the names of types',
    path: PairTypesPath,
    body: BatchNamedPairs,
    status: [201, 207],
    output: batchOf(z.object({ from: PublicRef, to: PublicRef, type: z.string() })),
  },
  batchReadNamed: {
    ...reads,
    route: 'POST /crm/v3/associations/{fromObjectType}/{toObjectType}/batch/read',
    summary: 'Read the associations of up to 1,000 records by the names of types',
    path: PairTypesPath,
    body: BatchFrom,
    status: [200, 207],
    output: batchOf(
      z.extend(z.object({ from: PublicRef, to: AssociatedIds.shape.results }), { paging: z.optional(Paging) }),
    ),
    timeoutSeconds: 28,
  },
  batchArchiveNamed: {
    ...writes,
    ...batch,
    route: 'POST /crm/v3/associations/{fromObjectType}/{toObjectType}/batch/archive',
    summary: 'Take association types off up to 2,000 pairs',
    path: PairTypesPath,
    body: BatchNamedPairs,
    status: 204,
  },
});

export const associationsWorkers = workers('associations', {
  detach: {
    summary: 'Moves the associations of an archived record away, on both sides',
    uses: ['table:read', 'table:write'],
    timeoutSeconds: 60,
  },
});
