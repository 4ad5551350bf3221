import * as z from 'zod/mini';
import { BooleanText, ObjectTypePath } from '../objects/schema.ts';
import { Pipeline, Stage } from './schema.ts';

export const PipelinePath = z.extend(ObjectTypePath, { pipelineId: z.string() });
export const StagePath = z.extend(PipelinePath, { stageId: z.string() });

/**
 * Both flags ask the same: refuse when records stand in a stage that would go. HubSpot's PATCH of a pipeline takes them too, where they
 * have nothing to guard: it cannot take a stage away.
 */
export const GuardQuery = z.object({
  validateReferencesBeforeDelete: z.optional(BooleanText),
  validateDealStageUsagesBeforeDelete: z.optional(BooleanText),
});

export const guards = (query: z.output<typeof GuardQuery>): boolean =>
  (query.validateReferencesBeforeDelete ?? false) || (query.validateDealStageUsagesBeforeDelete ?? false);

export const PublicStage = z.extend(Stage, { writePermissions: z.literal('CRM_PERMISSIONS_ENFORCEMENT') });
export const PublicPipeline = z.extend(z.omit(Pipeline, { rules: true }), { stages: z.array(PublicStage) });

export const publicStage = (stage: Stage): z.output<typeof PublicStage> => ({
  ...stage,
  writePermissions: 'CRM_PERMISSIONS_ENFORCEMENT',
});

/** The live stages in order. */
export const publicStages = ({ stages }: Pick<Pipeline, 'stages'>) =>
  stages
    .filter(({ archived }) => !archived)
    .toSorted((a, b) => a.displayOrder - b.displayOrder)
    .map(publicStage);

/** A pipeline as HubSpot's API shows it. */
export const publicPipeline = ({ rules: _, ...pipeline }: Pipeline): z.output<typeof PublicPipeline> => ({
  ...pipeline,
  stages: publicStages(pipeline),
});
