import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { requireAccess } from '../core/scopes.ts';
import { announceJob, jobWrites } from '../jobs/store.ts';
import { readList } from '../lists/store.ts';
import type { ObjectType } from '../objects/definition.ts';
import { withDefinitions } from '../objects/definition-store.ts';
import { filterProblem } from '../objects/filter.ts';
import { absent } from '../table/conditions.ts';
import { exportKey } from '../table/import-keys.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import { exportKind } from './job-kinds.ts';
import { groupsOf } from './records.ts';
import { type ExportRequest, StoredExport } from './schema.ts';

/**
 * Begins an export. @throws CrmError 400 naming what it cannot show, 403 when the token may not read the records, 404 for a list that is
 * not there
 */
export async function startExport(app: App, request: ExportRequest): Promise<StoredExport> {
  requireAccess(app, shownTypes(request), 'read');
  const { objectTypeId } = await withDefinitions(app, request.objectType, (type) => checked(type, request));
  if (request.associatedObjectType) await withDefinitions(app, request.associatedObjectType, (type) => type);
  if (request.exportType === 'LIST') {
    const list = await readList(app, request.listId);
    if (list.objectTypeId !== objectTypeId)
      throw new CrmError('VALIDATION_ERROR', `List ${request.listId} is of the type ${list.objectTypeId}`, {
        context: { objectType: [list.objectTypeId] },
      });
  }
  const id = app.newId();
  const { job, writes } = await jobWrites(app, { kind: exportKind, input: { exportId: id } });
  const stored: StoredExport = { id, jobId: job.id, request, objectTypeId, author: app.actor, createdAt: app.now() };
  await commitOrThrow(
    app.table,
    [{ put: { ...exportKey(id), entity: 'export', ...stored }, when: absent }, ...writes].map(orStale),
  );
  await announceJob(job);
  return stored;
}

const shownTypes = ({ objectType, associatedObjectType }: ExportRequest) =>
  [objectType, associatedObjectType ?? []].flat();

function checked(type: ObjectType, request: ExportRequest): ObjectType {
  const unknown = request.objectProperties.filter((name) => !type.properties.has(name));
  const filters = groupsOf(request).flatMap((group) => group.filters);
  const problems = [
    ...unknown.map((name) => `Property "${name}" does not exist`),
    ...filters.flatMap((filter) => filterProblem(filter, type.properties.get(filter.propertyName)) ?? []),
  ];
  if (problems.length === 0) return type;
  throw new CrmError('VALIDATION_ERROR', problems.join('; '), { context: { propertyName: unknown } });
}

/** An export whose file is to be shown. @throws CrmError 404, 403 when the token may not read what is in it */
export async function readFileOfExport(app: App, id: string): Promise<StoredExport> {
  const stored = await readExport(app, id);
  requireAccess(app, shownTypes(stored.request), 'read');
  return stored;
}

/** @throws CrmError 404 */
export async function readExport(app: App, id: string): Promise<StoredExport> {
  const stored = await app.table.get(exportKey(id), StoredExport);
  if (stored) return stored;
  throw new CrmError('OBJECT_NOT_FOUND', `No export with ID ${id} exists`, { context: { exportId: [id] } });
}
