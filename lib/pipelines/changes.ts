import type { App } from '../core/app.ts';
import type { ObjectType } from '../objects/definition.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import type { PipelineInput, PipelinePatch, StageInput, StagePatch } from './input.ts';
import * as rules from './pipeline.ts';
import { requireUnused, stagesLost } from './references.ts';
import type { Pipeline, Stage } from './schema.ts';
import { type Change, changePipeline, insertPipeline, requirePipelines } from './store.ts';

type PipelineRef = { readonly objectType: string; readonly pipelineId: string };
type StageRef = PipelineRef & { readonly stageId: string };
type Guard = { readonly guarded: boolean };

export async function create(app: App, objectType: string, input: PipelineInput): Promise<Pipeline> {
  const type = await pipelineType(app, objectType);
  const pipeline = rules.createPipeline(input, at(app, type));
  await insertPipeline(app, type.objectTypeId, pipeline);
  return pipeline;
}

export const update = (app: App, ref: PipelineRef, input: PipelinePatch): Promise<Pipeline> =>
  change(app, ref, 'UPDATE', { guarded: false }, (pipeline, now) => rules.patchPipeline(pipeline, input, now));

export const replace = (app: App, ref: PipelineRef, input: PipelineInput, guard: Guard): Promise<Pipeline> =>
  change(app, ref, 'UPDATE', guard, (pipeline, now) => rules.replacePipeline(pipeline, input, now));

export const archive = (app: App, ref: PipelineRef, guard: Guard): Promise<Pipeline> =>
  change(app, ref, 'DELETE', guard, (pipeline, now) => rules.archivePipeline(pipeline, now));

export const createStage = (app: App, ref: PipelineRef, input: StageInput): Promise<Stage> =>
  changeStage(app, ref, 'CREATE', { guarded: false }, (pipeline, now) => rules.addStage(pipeline, input, now));

export const updateStage = (app: App, ref: StageRef, input: StagePatch): Promise<Stage> =>
  changeStage(app, ref, 'UPDATE', { guarded: false }, (pipeline, now) =>
    rules.patchStage(pipeline, ref.stageId, input, now),
  );

export const replaceStage = (app: App, ref: StageRef, input: StageInput): Promise<Stage> =>
  changeStage(app, ref, 'UPDATE', { guarded: false }, (pipeline, now) =>
    rules.replaceStage(pipeline, ref.stageId, input, now),
  );

export const archiveStage = (app: App, ref: StageRef, guard: Guard): Promise<Stage> =>
  changeStage(app, ref, 'DELETE', guard, (pipeline, now) => rules.archiveStage(pipeline, ref.stageId, now));

/** The object type, when its records have pipelines. @throws CrmError 400 */
async function pipelineType(app: App, objectType: string): Promise<ObjectType> {
  const type = await loadObjectType(app, objectType);
  requirePipelines(type);
  return type;
}

const at = (app: App, { objectTypeId }: ObjectType): rules.At => ({ objectTypeId, now: app.now(), newId: app.newId });

async function change(
  app: App,
  { objectType, pipelineId }: PipelineRef,
  action: string,
  { guarded }: Guard,
  decide: (pipeline: Pipeline, now: rules.At) => Pipeline,
): Promise<Pipeline> {
  const type = await pipelineType(app, objectType);
  return changePipeline(app, type.objectTypeId, pipelineId, async (before): Promise<Change<Pipeline>> => {
    const pipeline = decide(before, at(app, type));
    if (guarded) await requireUnused(app, type, stagesLost(before, pipeline));
    return { pipeline, result: pipeline, audit: { identifier: pipelineId, action, rawObject: pipeline } };
  });
}

async function changeStage(
  app: App,
  { objectType, pipelineId }: PipelineRef,
  action: string,
  { guarded }: Guard,
  decide: (pipeline: Pipeline, now: rules.At) => { pipeline: Pipeline; stage: Stage },
): Promise<Stage> {
  const type = await pipelineType(app, objectType);
  return changePipeline(app, type.objectTypeId, pipelineId, async (before): Promise<Change<Stage>> => {
    const { pipeline, stage } = decide(before, at(app, type));
    if (guarded) await requireUnused(app, type, stagesLost(before, pipeline));
    return { pipeline, result: stage, audit: { identifier: stage.id, action, rawObject: { ...stage, pipelineId } } };
  });
}
