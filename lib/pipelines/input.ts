import * as z from 'zod/mini';

const label = z.string().check(z.trim(), z.minLength(1), z.maxLength(1000));
const displayOrder = z.int();
const metadata = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

export const StageInput = z.object({
  label,
  displayOrder,
  metadata: z.optional(metadata),
  stageId: z.optional(z.string()),
});
export type StageInput = z.output<typeof StageInput>;

export const StagePatch = z.object({
  label: z.optional(label),
  displayOrder: z.optional(displayOrder),
  metadata: z.optional(metadata),
  archived: z.optional(z.boolean()),
});
export type StagePatch = z.output<typeof StagePatch>;

export const PipelineInput = z.object({ label, displayOrder, stages: z.array(StageInput) });
export type PipelineInput = z.output<typeof PipelineInput>;

export const PipelinePatch = z.object({
  label: z.optional(label),
  displayOrder: z.optional(displayOrder),
  archived: z.optional(z.boolean()),
});
export type PipelinePatch = z.output<typeof PipelinePatch>;
