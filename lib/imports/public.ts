import { ChangeSet } from '../changesets/schema.ts';
import type { App } from '../core/app.ts';
import { Job } from '../jobs/job.ts';
import { changeSetKey } from '../table/change-set-keys.ts';
import { jobKey } from '../table/keys.ts';
import type { PublicImport, StoredImport } from './schema.ts';

const states: Readonly<Record<Job['status'], PublicImport['state']>> = {
  QUEUED: 'STARTED',
  RUNNING: 'PROCESSING',
  COMPLETED: 'DONE',
  FAILED: 'FAILED',
  CANCELLED: 'CANCELED',
};

/** HubSpot's names of what an import counts. */
const counters: Readonly<Record<string, string>> = {
  created: 'CREATED_OBJECTS',
  updated: 'UPDATED_OBJECTS',
  unchanged: 'UNCHANGED_OBJECTS',
  errors: 'ERRORS',
};

/** Imports as the API shows them: two reads for all. */
export async function showImports(app: App, imports: readonly StoredImport[]): Promise<PublicImport[]> {
  const setIds = imports.flatMap(({ changeSetId }) => changeSetId ?? []);
  const [jobs, sets] = await Promise.all([
    app.table.getMany(
      imports.map(({ jobId }) => jobKey(jobId)),
      Job,
    ),
    app.table.getMany(setIds.map(changeSetKey), ChangeSet),
  ]);
  return imports.map((stored) => {
    const job = jobs.find(({ id }) => id === stored.jobId);
    return show(
      stored,
      job,
      sets.find(({ id }) => id === stored.changeSetId),
    );
  });
}

export async function showImport(app: App, stored: StoredImport): Promise<PublicImport> {
  const [shown] = await showImports(app, [stored]);
  return shown as PublicImport;
}

function show(stored: StoredImport, job: Job | undefined, set: ChangeSet | undefined): PublicImport {
  const { id, jobId, changeSetId, request, files, mappedObjectTypeIds, createdAt } = stored;
  const counts = job?.counts ?? {};
  const named = Object.entries(counters).flatMap(([name, shown]) =>
    counts[name] === undefined ? [] : [[shown, counts[name]]],
  );
  const runs = Object.entries(counts).flatMap(([name, count]) =>
    name.startsWith('flow:') ? [[name.slice(5), count]] : [],
  );
  return {
    id,
    state: set?.status === 'UNDONE' ? 'REVERTED' : states[job?.status ?? 'FAILED'],
    importName: request.name,
    importSource: 'API',
    importRequestJson: request,
    createdAt,
    updatedAt: job?.updatedAt ?? createdAt,
    optOutImport: false,
    mappedObjectTypeIds,
    metadata: {
      counters: {
        TOTAL_ROWS: job?.total ?? 0,
        PROCESSED_ROWS: job?.done ?? 0,
        UNIQUE_OBJECTS_WRITTEN: (counts.created ?? 0) + (counts.updated ?? 0),
        ...Object.fromEntries(named),
      },
      fileIds: files.map((file) => file.id),
      objectLists: [],
    },
    jobId,
    ...(changeSetId !== undefined && { changeSetId }),
    ...(job?.error !== undefined && { message: job.error }),
    ...(request.runWorkflows === 'SIMULATE' && { simulatedRuns: Object.fromEntries(runs) }),
  };
}
