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

const Ids = z.array(z.string().check(z.minLength(1), z.maxLength(100))).check(z.maxLength(100));

/** What must hold for records of a pipeline, whoever writes them. What is left out allows everything. */
export const PipelineRules = z.strictObject({
  description: z._default(z.string().check(z.maxLength(5000)), ''),
  stages: z._default(
    z.record(
      z.string(),
      z.strictObject({
        /** Properties without which no record stands in the stage. */
        required: z._default(Ids, []),
        /** Stages of the pipeline from which a record may come; null = any. */
        allowedFrom: z._default(z.nullable(Ids), null),
      }),
    ),
    {},
  ),
  /** Stages in which a record may begin, or come from another pipeline. */
  creatableIn: z.optional(Ids),
  /** Who may make records here; other kinds of writers by their kind, e.g. `form` or `import`. */
  mayCreate: z.optional(
    z.strictObject({
      users: z._default(Ids, []),
      teams: z._default(Ids, []),
      tokens: z._default(Ids, []),
      kinds: z._default(z.array(z.enum(['form', 'survey', 'flow', 'import', 'salesforce'])), []),
    }),
  ),
});
export type PipelineRules = z.output<typeof PipelineRules>;

/** A pipeline with its stages, the archived ones too: records of the past keep naming them. */
export const Pipeline = z.object({
  id: z.string(),
  label: z.string(),
  displayOrder: z.number(),
  stages: z.array(Stage),
  rules: z.optional(PipelineRules),
  archived: z.boolean(),
  archivedAt: z.optional(z.string()),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Pipeline = z.output<typeof Pipeline>;
