import * as z from 'zod/mini';

const Ids = z.optional(z.array(z.union([z.string(), z.int()])).check(z.maxLength(100)));
const Millis = z.optional(z.union([z.int(), z.string()]));

export const EngagementType = z.enum(['NOTE', 'TASK', 'CALL', 'EMAIL', 'MEETING']);
export type EngagementType = z.output<typeof EngagementType>;

const engagement = {
  ownerId: z.optional(z.nullable(z.union([z.string(), z.int()]))),
  timestamp: Millis,
  active: z.optional(z.boolean()),
};
const Associations = z.looseObject({
  contactIds: Ids,
  companyIds: Ids,
  dealIds: Ids,
  ticketIds: Ids,
  ownerIds: z.optional(z.array(z.unknown())),
});
/** By type: a note has `body`, a task also `subject`, `status`; see `fields.ts`. */
const Metadata = z.looseObject({});

/** HubSpot's engagements of the older API. */
export const EngagementInput = z.object({
  engagement: z.looseObject({ type: EngagementType, ...engagement }),
  associations: z.optional(Associations),
  metadata: z._default(Metadata, {}),
  attachments: z.optional(z.array(z.unknown())),
});
export type EngagementInput = z.output<typeof EngagementInput>;

export const EngagementPatch = z.object({
  engagement: z.optional(z.looseObject({ type: z.optional(EngagementType), ...engagement })),
  associations: z.optional(Associations),
  metadata: z.optional(Metadata),
  attachments: z.optional(z.array(z.unknown())),
});
export type EngagementPatch = z.output<typeof EngagementPatch>;
export type AssociationsInput = z.output<typeof Associations>;

const NumberIds = z.array(z.number());
export const PublicEngagement = z.object({
  engagement: z.object({
    id: z.number(),
    portalId: z.number(),
    active: z.boolean(),
    createdAt: z.number(),
    lastUpdated: z.number(),
    type: EngagementType,
    timestamp: z.optional(z.number()),
    ownerId: z.optional(z.number()),
  }),
  associations: z.object({
    contactIds: NumberIds,
    companyIds: NumberIds,
    dealIds: NumberIds,
    ticketIds: NumberIds,
    ownerIds: NumberIds,
  }),
  attachments: z.array(z.unknown()),
  metadata: z.looseObject({}),
});
