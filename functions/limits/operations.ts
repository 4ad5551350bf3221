import * as z from 'zod/mini';
import { operations } from '../../lib/core/operation.ts';

const usage = { objectTypeId: z.string(), singularLabel: z.string(), pluralLabel: z.string(), usage: z.number() };

export const limits = operations('limits', {
  records: {
    route: 'GET /crm/v3/limits/records',
    summary: 'How many records of each type there are',
    scope: null,
    status: 200,
    output: z.object({
      hubspotDefinedObjectTypes: z.array(z.object({ ...usage, limit: z.number(), percentage: z.number() })),
      customObjectTypes: z.object({
        byObjectType: z.array(z.object(usage)),
        overallLimit: z.number(),
        overallPercentage: z.number(),
        overallUsage: z.number(),
      }),
    }),
    uses: ['table:read'],
  },
});
