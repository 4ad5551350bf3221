import * as z from 'zod/mini';

export const Stage = z.object({
  id: z.string(),
  label: z.string(),
  displayOrder: z.number(),
  /** Strings, as HubSpot's API has them: `isClosed`, and `probability` (deals) or `ticketState` (tickets). */
  metadata: z.record(z.string(), z.string()),
  archived: z.boolean(),
  archivedAt: z.optional(z.string()),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Stage = z.output<typeof Stage>;

/** A pipeline with its stages, the archived ones too: records of the past keep naming them. */
export const Pipeline = z.object({
  id: z.string(),
  label: z.string(),
  displayOrder: z.number(),
  stages: z.array(Stage),
  archived: z.boolean(),
  archivedAt: z.optional(z.string()),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Pipeline = z.output<typeof Pipeline>;
