import * as z from 'zod/mini';
import { operations } from '../../lib/core/operation.ts';
import { EngagementInput, EngagementPatch, PublicEngagement } from '../../lib/legacy/schema.ts';
import { ObjectTypePath } from '../../lib/objects/schema.ts';
import { PublicProperty } from '../../lib/properties/public.ts';

const ofEngagement = z.object({ engagementId: z.string() });
const reads = { scope: 'crm.objects.contacts.read', status: 200, uses: ['table:read'] } as const;
const writes = { scope: 'crm.objects.contacts.write', status: 200, uses: ['table:read', 'table:write'] } as const;

/** Paths of HubSpot's older APIs that well-known clients still call. */
export const legacy = operations('legacy', {
  createEngagement: {
    ...writes,
    route: 'POST /engagements/v1/engagements',
    summary: 'Make a note, task, call, e-mail or meeting',
    body: EngagementInput,
    repeatable: true,
    output: PublicEngagement,
  },
  getEngagement: {
    ...reads,
    route: 'GET /engagements/v1/engagements/{engagementId}',
    summary: 'Read a note, task, call, e-mail or meeting',
    path: ofEngagement,
    output: PublicEngagement,
  },
  updateEngagement: {
    ...writes,
    route: 'PATCH /engagements/v1/engagements/{engagementId}',
    summary: 'Change a note, task, call, e-mail or meeting',
    path: ofEngagement,
    body: EngagementPatch,
    output: PublicEngagement,
  },
  listProperties: {
    route: 'GET /properties/v2/{objectType}/properties',
    summary: 'All properties of an object type, as a bare list',
    scope: 'crm.schemas.{objectType}.read',
    path: ObjectTypePath,
    status: 200,
    output: z.array(PublicProperty),
    uses: ['table:read'],
  },
  me: {
    route: 'GET /integrations/v1/me',
    summary: 'Which account a token belongs to',
    scope: null,
    status: 200,
    output: z.object({
      portalId: z.number(),
      timeZone: z.string(),
      accountType: z.string(),
      currency: z.string(),
      utcOffset: z.string(),
      utcOffsetMilliseconds: z.number(),
    }),
    uses: ['table:read'],
  },
});
