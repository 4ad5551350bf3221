import * as z from 'zod/mini';
import { ObjectId } from '../associations/schema.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import type { Job } from '../jobs/job.ts';
import { defineJob, type Slice } from '../jobs/kind.ts';
import { announceJob, jobWrites } from '../jobs/store.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { withRules } from '../objects/rules.ts';
import { PropertyValues } from '../objects/schema.ts';
import { updateRecord } from '../objects/store.ts';
import { bulkEditedKey, bulkEditIdsKey, refusedKey } from '../table/change-set-keys.ts';
import { inParallel } from '../table/in-parallel.ts';
import { AlreadyDone } from '../table/once.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import { bulkEditKind } from './job-kinds.ts';
import { changeSetWrites, completeChangeSetWrites, openChangeSet } from './store.ts';

const mostIds = 10_000;
const idsPerItem = 500;
const recordsPerSlice = 50;
const recordsAtOnce = 5;

export const BulkEditInput = z.strictObject({
  objectType: z.string(),
  objectIds: z
    .array(ObjectId)
    .check(z.minLength(1, 'names at least one record'), z.maxLength(mostIds, `takes at most ${mostIds} ids`)),
  properties: PropertyValues,
  title: z.optional(z.string().check(z.maxLength(200))),
});
type BulkEditInput = z.output<typeof BulkEditInput>;

/**
 * Begins to give the same values to many records, as one change set. What no record could take (an unknown property, a wrong option) is
 * refused before. @throws CrmError 400
 */
export async function startBulkEdit(
  app: App,
  { objectType, objectIds, properties, title }: BulkEditInput,
): Promise<{ readonly job: Job; readonly changeSetId: string }> {
  if (Object.keys(properties).length === 0)
    throw new CrmError('VALIDATION_ERROR', 'properties: names at least one property', {
      context: { fields: ['properties'] },
    });
  const { objectTypeId } = await loadObjectType(app, objectType);
  await refuseUnfit(app, objectTypeId, properties);
  const ids = [...new Set(objectIds)];
  const changeSetId = app.newId();
  const { job, writes } = await jobWrites(app, {
    kind: bulkEditKind,
    input: { changeSetId, objectType: objectTypeId, properties },
    total: ids.length,
  });
  const names = Object.keys(properties).join(', ');
  const set = changeSetWrites(app, { id: changeSetId, kind: 'BULK_EDIT', title: title ?? names, jobId: job.id });
  const parts = Array.from({ length: Math.ceil(ids.length / idsPerItem) }, (_, part) => ({
    put: {
      ...bulkEditIdsKey(changeSetId, part),
      entity: 'bulk-edit-ids',
      ids: ids.slice(part * idsPerItem, (part + 1) * idsPerItem),
    },
  }));
  await commitOrThrow(app.table, [...set.writes, ...writes, ...parts].map(orStale));
  await announceJob(job);
  return { job, changeSetId };
}

/** Checked as a change of a record without values; what depends on the record's own values is found out record by record. */
const refuseUnfit = (app: App, objectType: string, properties: BulkEditInput['properties']): Promise<void> =>
  withRules(app, objectType, (type, check) => {
    const own: readonly string[] = type.pipeline ? [type.pipeline.pipelineProperty, type.pipeline.stageProperty] : [];
    const given = Object.fromEntries(Object.entries(properties).filter(([name]) => !own.includes(name)));
    check(given, { creating: false, current: {}, now: app.now() });
  });

const Ids = z.object({ ids: z.array(z.string()) });
const EditInput = z.object({ changeSetId: z.string(), objectType: z.string(), properties: PropertyValues });
const Cursor = z.object({ position: z.number() });
type Cursor = z.output<typeof Cursor>;

/** Gives the values to the records, each once, even when somebody changes one between a crash and the repeat. */
export const bulkEdit = defineJob({
  kind: bulkEditKind,
  input: EditInput,
  cursor: Cursor,
  slice: async (app, { input, cursor: { position } = { position: 0 } }): Promise<Slice<Cursor>> => {
    const { author } = await openChangeSet(app, input.changeSetId);
    const own: App = { ...app, actor: author, changeSetId: input.changeSetId };
    const part = await app.table.get(bulkEditIdsKey(input.changeSetId, Math.floor(position / idsPerItem)), Ids);
    const from = position % idsPerItem;
    const ids = part?.ids.slice(from, from + recordsPerSlice) ?? [];
    const refused = await inParallel(ids, recordsAtOnce, (id) => edit(own, input, id));
    const done = ids.length < recordsPerSlice;
    return {
      done,
      processed: ids.length,
      counts: { refused: refused.filter(Boolean).length },
      ...(done
        ? { also: await completeChangeSetWrites(app, input.changeSetId) }
        : { cursor: { position: position + ids.length } }),
    };
  },
});

/** Whether the record could not take the values; why stands in the change set. */
async function edit(app: App, input: z.output<typeof EditInput>, id: string): Promise<boolean> {
  const { changeSetId, objectType, properties } = input;
  try {
    const once = () => ({ ...bulkEditedKey(changeSetId, id), entity: 'bulk-edited' });
    await updateRecord(app, objectType, { id }, properties, { once });
    return false;
  } catch (error) {
    if (error instanceof AlreadyDone) return false;
    if (!(error instanceof CrmError) || error.status >= 500) throw error;
    const row = { entity: 'refused', objectType, recordId: id, message: error.message };
    await app.table.commit([{ put: { ...refusedKey(changeSetId, id), ...row } }]);
    return true;
  }
}
