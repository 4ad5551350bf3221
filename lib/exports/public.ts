import type * as z from 'zod/mini';
import { presignGet } from '../aws/files.ts';
import type { App } from '../core/app.ts';
import { readJob } from '../jobs/store.ts';
import { resultName, resultPlace } from './places.ts';
import type { ExportStatus, PublicExport, StoredExport } from './schema.ts';

const addressSeconds = 3600;

/** How far an export is; when it is done, where its file is read within the hour. */
export async function statusOf(app: App, stored: StoredExport): Promise<z.output<typeof ExportStatus>> {
  const job = await readJob(app, stored.jobId);
  const at = {
    requestedAt: stored.createdAt,
    startedAt: job.startedAt ?? stored.createdAt,
    completedAt: job.endedAt ?? job.updatedAt,
  };
  switch (job.status) {
    case 'QUEUED':
      return { status: 'PENDING', ...at };
    case 'RUNNING':
      return { status: 'PROCESSING', ...at };
    case 'CANCELLED':
      return { status: 'CANCELED', ...at };
    case 'FAILED': {
      const error = {
        status: 'error' as const,
        category: 'VALIDATION_ERROR',
        message: job.error ?? '',
        context: {},
        links: {},
        errors: [],
      };
      return { status: 'COMPLETE', numErrors: 1, errors: [error], ...at };
    }
    case 'COMPLETED':
      return {
        status: 'COMPLETE',
        result: await presignGet(resultPlace(stored.id, stored.request), resultName(stored.request), addressSeconds),
        ...at,
      };
  }
}

const states = {
  QUEUED: 'ENQUEUED',
  RUNNING: 'PROCESSING',
  COMPLETED: 'DONE',
  FAILED: 'FAILED',
  CANCELLED: 'CANCELED',
} as const;

export async function showExport(
  app: App,
  { id, jobId, request, createdAt, objectTypeId }: StoredExport,
): Promise<z.output<typeof PublicExport>> {
  const { status, counts, updatedAt } = await readJob(app, jobId);
  return {
    id,
    exportName: request.exportName,
    exportType: request.exportType,
    exportState: states[status],
    objectType: objectTypeId,
    objectProperties: [...request.objectProperties],
    ...(counts.exported !== undefined && { recordCount: counts.exported }),
    createdAt,
    updatedAt,
  };
}
