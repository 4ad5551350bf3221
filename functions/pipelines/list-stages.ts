import { handle } from '../../lib/core/handle.ts';
import { publicStages } from '../../lib/pipelines/public.ts';
import { readPipeline } from '../../lib/pipelines/reads.ts';
import { pipelines } from './operations.ts';

export const handler = handle(pipelines.listStages, async ({ path }, app) => ({
  results: publicStages(await readPipeline(app, path)),
}));
