import { fileSize, presignGet } from '../aws/files.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { places } from './places.ts';
import type { StoredImport } from './schema.ts';

const addressSeconds = 3600;

/** The address of the result, good for an hour. @throws CrmError 404 before the import is done, and 30 days after */
export async function resultAddress(app: App, { id }: StoredImport): Promise<{ url: string; expiresAt: string }> {
  const key = places.result(id);
  if ((await fileSize(key)) === undefined) {
    throw new CrmError('OBJECT_NOT_FOUND', 'The import has no result: it is not done, or was more than 30 days ago', {
      context: { importId: [id] },
    });
  }
  const expiresAt = new Date(Date.parse(app.now()) + addressSeconds * 1000).toISOString();
  return { url: await presignGet(key, `import-${id}.csv`, addressSeconds), expiresAt };
}
