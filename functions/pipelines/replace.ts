import { handle } from '../../lib/core/handle.ts';
import { replace } from '../../lib/pipelines/changes.ts';
import { guards, publicPipeline } from '../../lib/pipelines/public.ts';
import { pipelines } from './operations.ts';

export const handler = handle(pipelines.replace, async ({ path, query, body }, app) =>
  publicPipeline(await replace(app, path, body, { guarded: guards(query) })),
);
