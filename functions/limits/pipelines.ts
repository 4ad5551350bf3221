import { handle } from '../../lib/core/handle.ts';
import { usageOf } from '../../lib/limits/usage.ts';
import { listObjectTypes, loadObjectType } from '../../lib/objects/definition-store.ts';
import { loadPipelines } from '../../lib/pipelines/store.ts';
import { inParallel } from '../../lib/table/in-parallel.ts';
import { limits } from './operations.ts';

export const handler = handle(limits.pipelines, async (_input, app) => {
  const types = await listObjectTypes(app);
  const counts = await inParallel(types, 8, async ({ objectTypeId }) => {
    const { pipeline } = await loadObjectType(app, objectTypeId);
    const pipelines = pipeline ? await loadPipelines(app, objectTypeId, { fresh: true }) : [];
    return [objectTypeId, pipelines.filter(({ archived }) => !archived).length] as const;
  });
  return usageOf(types, new Map(counts));
});
