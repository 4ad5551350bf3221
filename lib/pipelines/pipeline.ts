import { CrmError } from '../core/errors.ts';
import type { PipelineInput, PipelinePatch, StageInput, StagePatch } from './input.ts';
import type { Pipeline, Stage } from './schema.ts';
import { stageMetadata } from './stage-metadata.ts';

export type At = { readonly objectTypeId: string; readonly now: string; readonly newId: () => string };

/** HubSpot's limit for deals, tickets and custom objects. */
const mostStages = 100;

export function createPipeline({ label, displayOrder, stages }: PipelineInput, at: At): Pipeline {
  return checked({
    id: at.newId(),
    label,
    displayOrder,
    stages: stages.map((stage) => createStage(stage, at)),
    archived: false,
    createdAt: at.now,
    updatedAt: at.now,
  });
}

/** `archived` may only be sent to restore, as HubSpot has it. */
export function patchPipeline(pipeline: Pipeline, { archived, ...changes }: PipelinePatch, at: At): Pipeline {
  requireRestore(pipeline, archived, 'pipeline');
  const { archivedAt: _, ...live } = pipeline;
  return { ...live, ...changes, archived: false, updatedAt: at.now };
}

/** New label, order and stages. A stage that is there by id or label keeps its id, one that is no longer named is archived. */
export function replacePipeline(pipeline: Pipeline, { label, displayOrder, stages }: PipelineInput, at: At): Pipeline {
  requireLive(pipeline);
  const live = pipeline.stages.filter(({ archived }) => !archived);
  const kept = stages.map((input) => {
    const known = live.find(({ id }) => id === input.stageId) ?? live.find((stage) => stage.label === input.label);
    return known ? replaceWith(known, input, at) : createStage(input, at);
  });
  const gone = pipeline.stages
    .filter(({ id }) => !kept.some((stage) => stage.id === id))
    .map((stage) => (stage.archived ? stage : { ...stage, archived: true, archivedAt: at.now, updatedAt: at.now }));
  return checked({ ...pipeline, label, displayOrder, stages: [...kept, ...gone], updatedAt: at.now });
}

/** The pipeline leaves the lists; its name and stages stay for the records that were in it. */
export function archivePipeline(pipeline: Pipeline, { now }: At): Pipeline {
  requireLive(pipeline);
  return { ...pipeline, archived: true, archivedAt: now, updatedAt: now };
}

export function addStage(pipeline: Pipeline, input: StageInput, at: At): { pipeline: Pipeline; stage: Stage } {
  requireLive(pipeline);
  const stage = createStage(input, at);
  return { stage, pipeline: checked({ ...pipeline, stages: [...pipeline.stages, stage], updatedAt: at.now }) };
}

export function patchStage(
  pipeline: Pipeline,
  stageId: string,
  { archived, metadata, ...changes }: StagePatch,
  at: At,
) {
  return changeStage(pipeline, stageId, at, (stage) => {
    requireRestore(stage, archived, 'stage');
    const { archivedAt: _, ...live } = stage;
    const next = metadata
      ? stageMetadata(at.objectTypeId, { ...withoutDerived(stage.metadata, metadata), ...metadata })
      : stage.metadata;
    return { ...live, ...changes, metadata: next, archived: false };
  });
}

export const replaceStage = (pipeline: Pipeline, stageId: string, input: StageInput, at: At) =>
  changeStage(pipeline, stageId, at, (stage) => {
    if (stage.archived) throw notFound('stage', stageId);
    return replaceWith(stage, input, at);
  });

export const archiveStage = (pipeline: Pipeline, stageId: string, at: At) =>
  changeStage(pipeline, stageId, at, (stage) => {
    if (stage.archived) throw notFound('stage', stageId);
    return { ...stage, archived: true, archivedAt: at.now };
  });

/** The live stage of a live pipeline. @throws CrmError 404 */
export function stageOf(pipeline: Pipeline, stageId: string): Stage {
  requireLive(pipeline);
  const stage = pipeline.stages.find(({ id, archived }) => id === stageId && !archived);
  if (!stage) throw notFound('stage', stageId);
  return stage;
}

export function requireLive(pipeline: Pipeline): void {
  if (pipeline.archived) throw notFound('pipeline', pipeline.id);
}

export const notFound = (what: 'pipeline' | 'stage', id: string) =>
  new CrmError('OBJECT_NOT_FOUND', `No ${what} exists with the ID '${id}'.`, {
    subCategory: what === 'pipeline' ? 'PipelineError.PIPELINE_NOT_FOUND' : 'PipelineError.STAGE_NOT_FOUND',
    context: { id: [id] },
  });

function changeStage(
  pipeline: Pipeline,
  stageId: string,
  at: At,
  change: (stage: Stage) => Stage,
): { pipeline: Pipeline; stage: Stage } {
  requireLive(pipeline);
  const known = pipeline.stages.find(({ id }) => id === stageId);
  if (!known) throw notFound('stage', stageId);
  const stage = { ...change(known), updatedAt: at.now };
  const stages = pipeline.stages.map((each) => (each.id === stageId ? stage : each));
  return { stage, pipeline: checked({ ...pipeline, stages, updatedAt: at.now }) };
}

const createStage = ({ label, displayOrder, metadata }: StageInput, at: At): Stage => ({
  id: at.newId(),
  label,
  displayOrder,
  metadata: stageMetadata(at.objectTypeId, metadata ?? {}),
  archived: false,
  createdAt: at.now,
  updatedAt: at.now,
});

const replaceWith = (stage: Stage, { label, displayOrder, metadata }: StageInput, at: At): Stage => ({
  ...stage,
  label,
  displayOrder,
  metadata: stageMetadata(at.objectTypeId, metadata ?? stage.metadata),
  updatedAt: at.now,
});

/** `isClosed` follows from what was changed unless it was sent too. */
function withoutDerived(stored: Stage['metadata'], given: NonNullable<StagePatch['metadata']>): Stage['metadata'] {
  const { isClosed: _, ...rest } = stored;
  return 'probability' in given || 'ticketState' in given ? rest : stored;
}

function requireRestore(thing: Pipeline | Stage, archived: boolean | undefined, what: 'pipeline' | 'stage'): void {
  if (thing.archived && archived !== false) throw notFound(what, thing.id);
  if (!thing.archived && archived !== undefined) {
    throw new CrmError('VALIDATION_ERROR', "'archived' may only be sent as false, to restore what is archived.", {
      context: { id: [thing.id] },
    });
  }
}

function checked(pipeline: Pipeline): Pipeline {
  const labels = pipeline.stages.filter(({ archived }) => !archived).map(({ label }) => label);
  const twice = labels.filter((label, position) => labels.indexOf(label) !== position);
  if (twice.length > 0) {
    throw new CrmError('VALIDATION_ERROR', `Stage labels must be unique within a pipeline: [${twice.join(', ')}]`, {
      subCategory: 'PipelineError.DUPLICATE_STAGE_LABELS',
    });
  }
  if (labels.length > mostStages) {
    throw new CrmError(
      'VALIDATION_ERROR',
      `A pipeline may have ${mostStages} stages, this one would have ${labels.length}.`,
    );
  }
  return pipeline;
}
