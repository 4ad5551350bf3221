import { handle } from '../../lib/core/handle.ts';
import { publicPipeline } from '../../lib/pipelines/public.ts';
import { listPipelines } from '../../lib/pipelines/reads.ts';
import { pipelines } from './operations.ts';

export const handler = handle(pipelines.list, async ({ path }, app) => ({
  results: (await listPipelines(app, path.objectType)).map(publicPipeline),
}));
