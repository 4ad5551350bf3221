import { handle } from '../../lib/core/handle.ts';
import { archiveStage } from '../../lib/pipelines/changes.ts';
import { guards } from '../../lib/pipelines/public.ts';
import { pipelines } from './operations.ts';

export const handler = handle(pipelines.archiveStage, async ({ path, query }, app) => {
  await archiveStage(app, path, { guarded: guards(query) });
  return undefined;
});
