import { handle } from '../../lib/core/handle.ts';
import { publicPipeline } from '../../lib/pipelines/public.ts';
import { readPipeline } from '../../lib/pipelines/reads.ts';
import { pipelines } from './operations.ts';

export const handler = handle(pipelines.get, async ({ path }, app) => publicPipeline(await readPipeline(app, path)));
