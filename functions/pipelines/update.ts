import { handle } from '../../lib/core/handle.ts';
import { update } from '../../lib/pipelines/changes.ts';
import { publicPipeline } from '../../lib/pipelines/public.ts';
import { pipelines } from './operations.ts';

export const handler = handle(pipelines.update, async ({ path, body }, app) =>
  publicPipeline(await update(app, path, body)),
);
