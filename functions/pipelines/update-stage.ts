import { handle } from '../../lib/core/handle.ts';
import { updateStage } from '../../lib/pipelines/changes.ts';
import { publicStage } from '../../lib/pipelines/public.ts';
import { pipelines } from './operations.ts';

export const handler = handle(pipelines.updateStage, async ({ path, body }, app) =>
  publicStage(await updateStage(app, path, body)),
);
