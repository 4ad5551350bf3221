import * as z from 'zod/mini';
import { operations } from '../../lib/core/operation.ts';

const named = { objectTypeId: z.string(), singularLabel: z.string(), pluralLabel: z.string() };
const Named = z.object(named);
const Usage = z.object({ ...named, usage: z.number() });
const Limited = z.object({ ...named, usage: z.number(), limit: z.number(), percentage: z.number() });
const overall = { overallLimit: z.number(), overallPercentage: z.number(), overallUsage: z.number() };
const PerType = z.object({
  hubspotDefinedObjectTypes: z.array(Limited),
  customObjectTypes: z.object({ byObjectType: z.array(Usage), ...overall }),
});
const NearTypes = z.object({
  results: z.array(z.object({ ...named, hasRecordsAtLimit: z.boolean(), hasRecordsNearLimit: z.boolean() })),
});
const AtLimit = z.object({ label: z.string(), objectId: z.number() });

const reads = { scope: null, status: 200, uses: ['table:read'] } as const;

export const limits = operations('limits', {
  records: {
    ...reads,
    route: 'GET /crm/v3/limits/records',
    summary: 'How many records of each type there are',
    output: PerType,
  },
  pipelines: {
    ...reads,
    route: 'GET /crm/v3/limits/pipelines',
    summary: 'How many pipelines each type has',
    output: PerType,
  },
  customProperties: {
    ...reads,
    route: 'GET /crm/v3/limits/custom-properties',
    summary: 'How many properties of its own each type has',
    output: z.object({ byObjectType: z.array(Limited), ...overall }),
  },
  calculatedProperties: {
    ...reads,
    route: 'GET /crm/v3/limits/calculated-properties',
    summary: 'How many calculated properties each type has',
    output: z.object({ byObjectType: z.array(Usage), ...overall }),
  },
  customObjectTypes: {
    ...reads,
    route: 'GET /crm/v3/limits/custom-object-types',
    summary: 'How many custom object types there are',
    output: z.object({ limit: z.number(), percentage: z.number(), usage: z.number() }),
  },
  associationLabels: {
    ...reads,
    route: 'GET /crm/v3/limits/associations/labels',
    summary: 'How many labels two object types have',
    query: z.object({ fromObjectTypeId: z.optional(z.string()), toObjectTypeId: z.optional(z.string()) }),
    output: z.object({
      results: z.array(
        z.object({
          allLabels: z.array(z.string()),
          fromObjectType: Named,
          toObjectType: Named,
          limit: z.number(),
          percentage: z.number(),
          usage: z.number(),
        }),
      ),
    }),
  },
  associationsFrom: {
    ...reads,
    route: 'GET /crm/v3/limits/associations/records/from',
    summary: 'Object types that have records near a limit of associations',
    output: NearTypes,
  },
  associationsTo: {
    ...reads,
    route: 'GET /crm/v3/limits/associations/records/{fromObjectTypeId}/to',
    summary: 'Object types to which records of a type are near a limit of associations',
    path: z.object({ fromObjectTypeId: z.string() }),
    output: NearTypes,
  },
  associationRecords: {
    ...reads,
    route: 'GET /crm/v3/limits/associations/records/{fromObjectTypeId}/{toObjectTypeId}',
    summary: 'Records that are near a limit of associations',
    path: z.object({ fromObjectTypeId: z.string(), toObjectTypeId: z.string() }),
    output: z.object({
      atLimitFromRecordSamples: z.array(AtLimit),
      limit: z.number(),
      nearLimitFromRecordSamples: z.array(z.extend(AtLimit, { percentage: z.number(), usage: z.number() })),
      totalRecordsAtLimit: z.number(),
      totalRecordsNearLimit: z.number(),
    }),
  },
});
