import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { requireRecord } from '../objects/not-found.ts';
import { readRecord } from '../objects/read-store.ts';
import type { CrmRecord } from '../objects/record.ts';

/** The record, also when it lies in the archive: its past is still there. @throws CrmError 404 */
export async function requireAnyRecord(app: App, objectType: string, id: string): Promise<CrmRecord> {
  const { objectTypeId } = await loadObjectType(app, objectType);
  const live = await readRecord(app, objectTypeId, { id });
  return requireRecord(live ?? (await readRecord(app, objectTypeId, { id }, { archived: true })), { id });
}

/** A property that the type has, or had. @throws CrmError 404 */
export async function requireProperty(app: App, objectType: string, name: string): Promise<void> {
  const type = await loadObjectType(app, objectType);
  if (type.properties.has(name) || type.archivedProperties.has(name)) return;
  const fresh = await loadObjectType(app, objectType, { fresh: true });
  if (fresh.properties.has(name) || fresh.archivedProperties.has(name)) return;
  throw new CrmError('OBJECT_NOT_FOUND', `Property ${name} does not exist`, { context: { propertyName: [name] } });
}
