import { handle } from '../../lib/core/handle.ts';
import { create } from '../../lib/pipelines/changes.ts';
import { publicPipeline } from '../../lib/pipelines/public.ts';
import { pipelines } from './operations.ts';

export const handler = handle(pipelines.create, async ({ path, body }, app) =>
  publicPipeline(await create(app, path.objectType, body)),
);
