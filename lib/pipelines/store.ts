import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import type { ObjectType } from '../objects/definition.ts';
import { cached } from '../objects/definition-cache.ts';
import { changeDefinitions } from '../objects/definition-turn.ts';
import { pipelineAuditPrefix, pipelineKey, pipelinePartition } from '../table/keys.ts';
import type { Write } from '../table/write.ts';
import { formerLabelWrites } from './former-labels.ts';
import { notFound } from './pipeline.ts';
import { Pipeline } from './schema.ts';
import { standardPipelines } from './standard.ts';

/** Every pipeline of a type in display order, the archived ones too; held for seconds per instance. */
export const loadPipelines = (
  app: App,
  objectTypeId: string,
  options: { fresh?: boolean } = {},
): Promise<readonly Pipeline[]> => cached(objectTypeId, 'pipelines', () => readAll(app, objectTypeId), options);

async function readAll(app: App, objectTypeId: string): Promise<readonly Pipeline[]> {
  const stored = await app.table.all({ pk: pipelinePartition(objectTypeId), prefix: 'pipeline#' }, Pipeline);
  const known = new Set(stored.map(({ id }) => id));
  const untouched = (standardPipelines[objectTypeId] ?? []).filter(({ id }) => !known.has(id));
  return [...stored, ...untouched].toSorted((a, b) => a.displayOrder - b.displayOrder || (a.label < b.label ? -1 : 1));
}

/** One change as HubSpot's audit shows it. */
export const AuditEntry = z.object({
  identifier: z.string(),
  action: z.string(),
  message: z.optional(z.string()),
  timestamp: z.string(),
  portalId: z.number(),
  fromUserId: z.optional(z.number()),
  rawObject: z.unknown(),
});
export type AuditEntry = z.output<typeof AuditEntry>;

type Audited = Pick<AuditEntry, 'identifier' | 'action' | 'rawObject'>;

/** What happened to a pipeline or one of its stages, newest first. */
export async function readAudit(app: App, objectTypeId: string, pipelineId: string): Promise<readonly AuditEntry[]> {
  const partition = { pk: pipelinePartition(objectTypeId), prefix: pipelineAuditPrefix(pipelineId), descending: true };
  return app.table.all(partition, AuditEntry);
}

/** @throws CrmError 400 when records of the type have no pipeline. */
export function requirePipelines(type: ObjectType): void {
  if (type.pipeline) return;
  throw new CrmError('VALIDATION_ERROR', `Object type ${type.objectTypeId} does not support pipelines`, {
    subCategory: 'PipelineError.OBJECT_TYPE_NOT_SUPPORTED',
  });
}

/** @throws CrmError 409 when a live pipeline has the label */
export const insertPipeline = (app: App, objectTypeId: string, pipeline: Pipeline): Promise<void> =>
  changeDefinitions(app, objectTypeId, async () => {
    requireFreeLabel(await loadPipelines(app, objectTypeId, { fresh: true }), pipeline);
    const audit = { identifier: pipeline.id, action: 'CREATE', rawObject: pipeline };
    return { result: undefined, writes: [put(objectTypeId, pipeline), auditOf(app, pipeline.id, objectTypeId, audit)] };
  });

export type Change<T> = { readonly pipeline: Pipeline; readonly audit: Audited; readonly result: T };

/**
 * Changes a pipeline as it is now; when somebody else changes it at the same time, `change` decides again. Names that it takes away are
 * kept with the change, for the reports of the time before.
 */
export const changePipeline = <T>(
  app: App,
  objectTypeId: string,
  pipelineId: string,
  change: (pipeline: Pipeline) => Change<T> | Promise<Change<T>>,
): Promise<T> =>
  changeDefinitions(app, objectTypeId, async () => {
    const all = await loadPipelines(app, objectTypeId, { fresh: true });
    const before = all.find(({ id }) => id === pipelineId);
    if (!before) throw notFound('pipeline', pipelineId);
    const { pipeline, audit, result } = await change(before);
    const named = before.archived || pipeline.label !== before.label;
    if (named && !pipeline.archived) requireFreeLabel(all, pipeline);
    return {
      result,
      writes: [
        put(objectTypeId, pipeline),
        auditOf(app, pipelineId, objectTypeId, audit),
        ...formerLabelWrites(app, objectTypeId, before, pipeline),
      ],
    };
  });

const put = (objectTypeId: string, pipeline: Pipeline): Write => ({
  put: { ...pipelineKey(objectTypeId, pipeline.id), entity: 'pipeline', ...pipeline },
});

const auditOf = (app: App, pipelineId: string, objectTypeId: string, audited: Audited): Write => {
  const userId = app.actor.kind === 'user' ? Number(app.actor.id) : Number.NaN;
  return {
    put: {
      pk: pipelinePartition(objectTypeId),
      sk: `${pipelineAuditPrefix(pipelineId)}${app.newEventId()}`,
      entity: 'pipeline-audit',
      ...audited,
      timestamp: app.now(),
      portalId: app.portalId,
      ...(Number.isInteger(userId) && { fromUserId: userId }),
    },
  };
};

function requireFreeLabel(all: readonly Pipeline[], { id, label }: Pipeline): void {
  const twin = all.find((other) => other.id !== id && other.label === label && !other.archived);
  if (!twin) return;
  throw new CrmError('CONFLICT', `A pipeline with the label '${label}' already exists.`, {
    subCategory: 'PipelineError.DUPLICATE_PIPELINE_LABEL',
    context: { id: [twin.id] },
  });
}
