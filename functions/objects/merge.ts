import { handle } from '../../lib/core/handle.ts';
import { beginJob } from '../../lib/jobs/begin.ts';
import { mergeRecords } from '../../lib/merges/store.ts';
import { mergeMove } from '../../lib/merges/work.ts';
import { loadObjectType } from '../../lib/objects/definition-store.ts';
import { fullRecord } from '../../lib/objects/public-record.ts';
import { objects } from './operations.ts';

export const handler = handle(objects.merge, async ({ path, body }, app) => {
  const { objectTypeId } = await loadObjectType(app, path.objectType);
  const { primaryObjectId, objectIdToMerge } = body;
  const merge = { objectType: objectTypeId, primaryId: primaryObjectId, otherId: objectIdToMerge };
  const { record, job } = await mergeRecords(app, merge);
  await beginJob(app, job, mergeMove);
  return fullRecord(record);
});
