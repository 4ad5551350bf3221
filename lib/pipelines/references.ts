import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import type { ObjectType } from '../objects/definition.ts';
import { findByValue } from '../objects/read-store.ts';
import type { Pipeline } from './schema.ts';

/** As many records as an answer names. */
const named = 10;

/** @throws CrmError 400 in HubSpot's words when records stand in one of the stages. */
export async function requireUnused(
  app: App,
  { objectTypeId, pipeline }: ObjectType,
  stageIds: readonly string[],
): Promise<void> {
  if (!pipeline) return;
  const references = await Promise.all(
    stageIds.map(async (id) => ({
      id,
      records: await findByValue(app, objectTypeId, pipeline.stageProperty, id, named),
    })),
  );
  const used = references.filter(({ records }) => records.length > 0);
  if (used.length === 0) return;
  const stages = used.map(({ id }) => id);
  const records = used.flatMap((each) => each.records).slice(0, named);
  throw new CrmError(
    'VALIDATION_ERROR',
    `Stage IDs: [${stages.join(', ')}] are being referenced by object IDs: [${records.join(', ')}]`,
    { subCategory: 'PipelineError.STAGE_ID_IN_USE', context: { stageIds: stages, objectIds: records } },
  );
}

/** Stages that are live before a change and not after it. */
export const stagesLost = (before: Pipeline, after: Pipeline): string[] =>
  before.stages
    .filter(({ archived }) => !archived)
    .map(({ id }) => id)
    .filter((id) => after.archived || !after.stages.some((stage) => stage.id === id && !stage.archived));
