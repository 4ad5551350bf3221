import * as z from 'zod/mini';
import { operations } from '../../lib/core/operation.ts';
import { ObjectTypePath } from '../../lib/objects/schema.ts';
import { PipelineInput, PipelinePatch, StageInput, StagePatch } from '../../lib/pipelines/input.ts';
import { GuardQuery, PipelinePath, PublicPipeline, PublicStage, StagePath } from '../../lib/pipelines/public.ts';
import { PipelineRules } from '../../lib/pipelines/schema.ts';
import { AuditEntry } from '../../lib/pipelines/store.ts';

const read = { scope: 'crm.objects.{objectType}.read', status: 200, uses: ['table:read'] } as const;
const write = { scope: 'crm.objects.{objectType}.write', status: 200, uses: ['table:read', 'table:write'] } as const;
const audit = z.object({ results: z.array(AuditEntry) });

export const pipelines = operations('pipelines', {
  list: {
    ...read,
    route: 'GET /crm/v3/pipelines/{objectType}',
    summary: 'All pipelines of an object type',
    path: ObjectTypePath,
    output: z.object({ results: z.array(PublicPipeline) }),
  },
  create: {
    ...write,
    route: 'POST /crm/v3/pipelines/{objectType}',
    summary: 'Create a pipeline with its stages',
    path: ObjectTypePath,
    body: PipelineInput,
    status: 201,
    output: PublicPipeline,
  },
  get: {
    ...read,
    route: 'GET /crm/v3/pipelines/{objectType}/{pipelineId}',
    summary: 'A pipeline with its stages',
    path: PipelinePath,
    output: PublicPipeline,
  },
  update: {
    ...write,
    route: 'PATCH /crm/v3/pipelines/{objectType}/{pipelineId}',
    summary: 'Rename, reorder or restore a pipeline',
    path: PipelinePath,
    query: GuardQuery,
    body: PipelinePatch,
    output: PublicPipeline,
  },
  replace: {
    ...write,
    route: 'PUT /crm/v3/pipelines/{objectType}/{pipelineId}',
    summary: 'Replace a pipeline and its stages',
    path: PipelinePath,
    query: GuardQuery,
    body: PipelineInput,
    output: PublicPipeline,
  },
  archive: {
    ...write,
    route: 'DELETE /crm/v3/pipelines/{objectType}/{pipelineId}',
    summary: 'Archive a pipeline; records of the past keep naming it',
    path: PipelinePath,
    query: GuardQuery,
    status: 204,
  },
  audit: {
    ...read,
    route: 'GET /crm/v3/pipelines/{objectType}/{pipelineId}/audit',
    summary: 'Every change of a pipeline, newest first',
    path: PipelinePath,
    output: audit,
  },
  getRules: {
    ...read,
    route: 'GET /crm/v1/pipelines/{objectType}/{pipelineId}/rules',
    summary: 'What must hold for the records of a pipeline',
    path: PipelinePath,
    output: PipelineRules,
  },
  setRules: {
    ...write,
    route: 'PUT /crm/v1/pipelines/{objectType}/{pipelineId}/rules',
    summary: 'Set required properties, ways between stages and who may create',
    path: PipelinePath,
    body: PipelineRules,
    output: PipelineRules,
  },
  listStages: {
    ...read,
    route: 'GET /crm/v3/pipelines/{objectType}/{pipelineId}/stages',
    summary: 'The stages of a pipeline',
    path: PipelinePath,
    output: z.object({ results: z.array(PublicStage) }),
  },
  createStage: {
    ...write,
    route: 'POST /crm/v3/pipelines/{objectType}/{pipelineId}/stages',
    summary: 'Add a stage to a pipeline',
    path: PipelinePath,
    body: StageInput,
    status: 201,
    output: PublicStage,
  },
  getStage: {
    ...read,
    route: 'GET /crm/v3/pipelines/{objectType}/{pipelineId}/stages/{stageId}',
    summary: 'A stage of a pipeline',
    path: StagePath,
    output: PublicStage,
  },
  updateStage: {
    ...write,
    route: 'PATCH /crm/v3/pipelines/{objectType}/{pipelineId}/stages/{stageId}',
    summary: 'Rename, reorder or restore a stage',
    path: StagePath,
    body: StagePatch,
    output: PublicStage,
  },
  replaceStage: {
    ...write,
    route: 'PUT /crm/v3/pipelines/{objectType}/{pipelineId}/stages/{stageId}',
    summary: 'Replace a stage',
    path: StagePath,
    body: StageInput,
    output: PublicStage,
  },
  archiveStage: {
    ...write,
    route: 'DELETE /crm/v3/pipelines/{objectType}/{pipelineId}/stages/{stageId}',
    summary: 'Archive a stage; records of the past keep naming it',
    path: StagePath,
    query: GuardQuery,
    status: 204,
  },
  stageAudit: {
    ...read,
    route: 'GET /crm/v3/pipelines/{objectType}/{pipelineId}/stages/{stageId}/audit',
    summary: 'Every change of a stage, newest first',
    path: StagePath,
    output: audit,
  },
});
