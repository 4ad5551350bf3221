import { handle } from '../../lib/core/handle.ts';
import { createStage } from '../../lib/pipelines/changes.ts';
import { publicStage } from '../../lib/pipelines/public.ts';
import { pipelines } from './operations.ts';

export const handler = handle(pipelines.createStage, async ({ path, body }, app) =>
  publicStage(await createStage(app, path, body)),
);
