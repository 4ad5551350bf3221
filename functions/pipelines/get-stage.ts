import { handle } from '../../lib/core/handle.ts';
import { stageOf } from '../../lib/pipelines/pipeline.ts';
import { publicStage } from '../../lib/pipelines/public.ts';
import { readPipeline } from '../../lib/pipelines/reads.ts';
import { pipelines } from './operations.ts';

export const handler = handle(pipelines.getStage, async ({ path }, app) =>
  publicStage(stageOf(await readPipeline(app, path), path.stageId)),
);
