import { handle, Reply } from '../../lib/core/handle.ts';
import { beginJob } from '../../lib/jobs/begin.ts';
import { attachAssociations } from '../../lib/lifecycle/attach-work.ts';
import { restoreRecord } from '../../lib/lifecycle/restore.ts';
import { loadObjectType } from '../../lib/objects/definition-store.ts';
import { etagOf } from '../../lib/objects/precondition.ts';
import { fullRecord } from '../../lib/objects/public-record.ts';
import { objects } from './operations.ts';

export const handler = handle(objects.restore, async ({ path }, app) => {
  const { objectTypeId } = await loadObjectType(app, path.objectType);
  const { record, job } = await restoreRecord(app, { objectType: objectTypeId, id: path.objectId });
  if (job) await beginJob(app, job, attachAssociations);
  return new Reply(200, fullRecord(record), { etag: etagOf(record) });
});
