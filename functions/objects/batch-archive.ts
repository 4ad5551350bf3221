import { handle } from '../../lib/core/handle.ts';
import { archiveRecords } from '../../lib/objects/batch-change.ts';
import { loadObjectType } from '../../lib/objects/definition-store.ts';
import { objects } from './operations.ts';

export const handler = handle(objects.batchArchive, async ({ path, body: { inputs } }, app) => {
  const { objectTypeId } = await loadObjectType(app, path.objectType);
  await archiveRecords(
    app,
    objectTypeId,
    inputs.map(({ id }) => id),
  );
  return undefined;
});
