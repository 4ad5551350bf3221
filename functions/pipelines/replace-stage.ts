import { handle } from '../../lib/core/handle.ts';
import { replaceStage } from '../../lib/pipelines/changes.ts';
import { publicStage } from '../../lib/pipelines/public.ts';
import { pipelines } from './operations.ts';

export const handler = handle(pipelines.replaceStage, async ({ path, body }, app) =>
  publicStage(await replaceStage(app, path, body)),
);
