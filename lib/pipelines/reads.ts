import type { App } from '../core/app.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { notFound, requireLive } from './pipeline.ts';
import type { Pipeline } from './schema.ts';
import { type AuditEntry, loadPipelines, readAudit } from './store.ts';

type PipelineRef = { readonly objectType: string; readonly pipelineId: string };

/** The live pipelines of a type as they are now; none for a type whose records have no pipeline. */
export async function listPipelines(app: App, objectType: string): Promise<readonly Pipeline[]> {
  const { objectTypeId } = await loadObjectType(app, objectType);
  const all = await loadPipelines(app, objectTypeId, { fresh: true });
  return all.filter(({ archived }) => !archived);
}

/** @throws CrmError 404 when there is none, or it is archived. */
export async function readPipeline(app: App, { objectType, pipelineId }: PipelineRef): Promise<Pipeline> {
  const pipeline = await knownPipeline(app, { objectType, pipelineId });
  requireLive(pipeline);
  return pipeline;
}

/** What happened to a pipeline and its stages, or to one stage only; archived ones too. */
export async function readChanges(app: App, ref: PipelineRef, stageId?: string): Promise<readonly AuditEntry[]> {
  const pipeline = await knownPipeline(app, ref);
  if (stageId !== undefined && !pipeline.stages.some(({ id }) => id === stageId)) throw notFound('stage', stageId);
  const { objectTypeId } = await loadObjectType(app, ref.objectType);
  const entries = await readAudit(app, objectTypeId, ref.pipelineId);
  return stageId === undefined ? entries : entries.filter(({ identifier }) => identifier === stageId);
}

async function knownPipeline(app: App, { objectType, pipelineId }: PipelineRef): Promise<Pipeline> {
  const { objectTypeId } = await loadObjectType(app, objectType);
  const all = await loadPipelines(app, objectTypeId, { fresh: true });
  const pipeline = all.find(({ id }) => id === pipelineId);
  if (!pipeline) throw notFound('pipeline', pipelineId);
  return pipeline;
}
