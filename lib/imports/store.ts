import * as z from 'zod/mini';
import { changeSetWrites } from '../changesets/store.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { requireAccess } from '../core/scopes.ts';
import { announceJob, jobWrites } from '../jobs/store.ts';
import { absent } from '../table/conditions.ts';
import {
  importErrorsKey,
  importErrorsPrefix,
  importKey,
  importListing,
  importPartition,
} from '../table/import-keys.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import { importKind } from './job-kinds.ts';
import { columnTypeOf, planFiles, typeIdsOf } from './mapping.ts';
import { type ImportRequest, StoredImport } from './schema.ts';

/** A file of the request, and where its bytes are. */
type Source = { readonly id: string; readonly key: string };

/**
 * Begins an import: the job, the change set by which it can be undone, and itself, in one transaction.
 * @throws CrmError 400 naming every column that cannot be mapped as asked, 403 when the token may not write records of a type in it
 */
export async function startImport(app: App, given: ImportRequest, sources: readonly Source[]): Promise<StoredImport> {
  const order = [...given.files.keys()].toSorted((one, other) => rank(given, one) - rank(given, other));
  const request = { ...given, files: order.flatMap((position) => given.files[position] ?? []) };
  const plans = await planFiles(app, request, { fresh: true });
  requireAccess(app, plans.flatMap(typeIdsOf), 'write');
  const id = app.newId();
  const { job, writes } = await jobWrites(app, { kind: importKind, input: { importId: id } });
  const title = request.name || request.files.map(({ fileName }) => fileName).join(', ');
  const set = request.dryRun ? undefined : changeSetWrites(app, { kind: 'IMPORT', title, jobId: job.id });
  const stored: StoredImport = {
    id,
    jobId: job.id,
    ...(set && { changeSetId: set.changeSet.id }),
    request,
    files: order.flatMap((position) => sources[position] ?? []),
    mappedObjectTypeIds: [...new Set(plans.flatMap(({ types }) => types.map(({ type }) => type.objectTypeId)))],
    author: app.actor,
    createdAt: app.now(),
  };
  const item = { ...importKey(id), gsi1pk: importListing, gsi1sk: id, entity: 'import', ...stored };
  await commitOrThrow(app.table, [{ put: item, when: absent }, ...writes, ...(set?.writes ?? [])].map(orStale));
  await announceJob(job);
  return stored;
}

/** Files that name records of others come after those. */
const rank = ({ files }: ImportRequest, position: number): number =>
  files[position]?.fileImportPage.columnMappings.some((mapping) => columnTypeOf(mapping) === 'ASSOCIATION_KEYS')
    ? 1
    : 0;

/** @throws CrmError 404 */
export async function readImport(app: App, id: string): Promise<StoredImport> {
  const stored = await app.table.get(importKey(id), StoredImport);
  if (stored) return stored;
  throw new CrmError('OBJECT_NOT_FOUND', `No import with ID ${id} exists`, { context: { importId: [id] } });
}

/** An import whose rows are to be shown. @throws CrmError 404, 403 when the token may not read records of a type in it */
export async function readRowsOfImport(app: App, id: string): Promise<StoredImport> {
  const stored = await readImport(app, id);
  requireAccess(app, stored.mappedObjectTypeIds, 'read');
  return stored;
}

/** Imports, newest first. One that was started a moment ago may be missing. */
export async function listImports(app: App, { after, limit }: { after?: string | undefined; limit: number }) {
  const position = after && { startAfter: { ...importKey(after), gsi1pk: importListing, gsi1sk: after } };
  const query = { pk: importListing, index: 'gsi1' as const, descending: true, limit: limit + 1, ...position };
  const { items, lastKey } = await app.table.query(query, StoredImport);
  const imports = items.slice(0, limit);
  const last = imports.at(-1);
  return { imports, ...((items.length > limit || lastKey) && last && { after: last.id }) };
}

const ErrorChunk = z.object({ chunk: z.number(), count: z.number() });

/** Chunks with errors from one on, in order; at most `limit`. */
export async function errorChunks(app: App, id: string, from: number, limit: number) {
  const startAfter = from > 0 ? importErrorsKey(id, from - 1) : undefined;
  const { items } = await app.table.query(
    { pk: importPartition(id), prefix: importErrorsPrefix, limit, ...(startAfter && { startAfter }) },
    ErrorChunk,
  );
  return items;
}
