import { handle } from '../../lib/core/handle.ts';
import { archive } from '../../lib/pipelines/changes.ts';
import { guards } from '../../lib/pipelines/public.ts';
import { pipelines } from './operations.ts';

export const handler = handle(pipelines.archive, async ({ path, query }, app) => {
  await archive(app, path, { guarded: guards(query) });
  return undefined;
});
