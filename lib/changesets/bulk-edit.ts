import * as z from 'zod/mini';
import { ObjectId } from '../associations/schema.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { requireAccess } from '../core/scopes.ts';
import type { Job } from '../jobs/job.ts';
import { defineJob, type Slice } from '../jobs/kind.ts';
import { announceJob, jobWrites } from '../jobs/store.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { FilterGroups } from '../objects/filter.ts';
import { withRules } from '../objects/rules.ts';
import { PropertyValues } from '../objects/schema.ts';
import { updateRecord } from '../objects/store.ts';
import { searchIds } from '../search/search.ts';
import { bulkEditedKey, bulkEditIdsKey, refusedKey } from '../table/change-set-keys.ts';
import { inParallel } from '../table/in-parallel.ts';
import { AlreadyDone } from '../table/once.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import type { Write } from '../table/write.ts';
import { bulkEditKind } from './job-kinds.ts';
import { changeSetWrites, completeChangeSetWrites, openChangeSet } from './store.ts';

const mostIds = 10_000;
const idsPerItem = 500;
const idsPerPage = 200;
const mostFilters = 18;
const recordsPerSlice = 50;
const recordsAtOnce = 5;

export const BulkEditInput = z
  .strictObject({
    objectType: z.string(),
    objectIds: z.optional(
      z
        .array(ObjectId)
        .check(z.minLength(1, 'names at least one record'), z.maxLength(mostIds, `takes at most ${mostIds} ids`)),
    ),
    filterGroups: z.optional(
      FilterGroups.check(
        z.minLength(1, 'must have at least one group'),
        z.refine(
          (groups) => groups.reduce((sum, { filters }) => sum + filters.length, 0) <= mostFilters,
          `takes at most ${mostFilters} filters in all`,
        ),
      ),
    ),
    properties: PropertyValues,
    title: z.optional(z.string().check(z.maxLength(200))),
  })
  .check(
    z.refine(
      ({ objectIds, filterGroups }) => (objectIds === undefined) !== (filterGroups === undefined),
      'takes either objectIds or filterGroups',
    ),
  );
type BulkEditInput = z.output<typeof BulkEditInput>;

/**
 * Begins to give the same values to many records, named by their ids or by what they have, as one change set. What no record could take
 * (an unknown property, a wrong option) is refused before, as is a token that may not write records of the type.
 * @throws CrmError 400, 403
 */
export async function startBulkEdit(
  app: App,
  { objectType, objectIds, filterGroups, properties, title }: BulkEditInput,
): Promise<{ readonly job: Job; readonly changeSetId: string }> {
  if (Object.keys(properties).length === 0)
    throw new CrmError('VALIDATION_ERROR', 'properties: names at least one property', {
      context: { fields: ['properties'] },
    });
  const { objectTypeId } = await loadObjectType(app, objectType);
  requireAccess(app, [objectTypeId], 'write');
  await refuseUnfit(app, objectTypeId, properties);
  if (filterGroups) await refuseFilters(app, objectTypeId, filterGroups);
  const ids = [...new Set(objectIds)];
  const changeSetId = app.newId();
  const { job, writes } = await jobWrites(app, {
    kind: bulkEditKind,
    input: { changeSetId, objectType: objectTypeId, properties, ...(filterGroups && { filterGroups }) },
    ...(objectIds && { total: ids.length }),
  });
  const names = Object.keys(properties).join(', ');
  const set = changeSetWrites(app, { id: changeSetId, kind: 'BULK_EDIT', title: title ?? names, jobId: job.id });
  const parts = Array.from({ length: Math.ceil(ids.length / idsPerItem) }, (_, part) =>
    partWrite(changeSetId, part, ids.slice(part * idsPerItem, (part + 1) * idsPerItem)),
  );
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

/** Filters tell of values: they take the right to read. A filter that cannot be evaluated is refused by a search for one record. */
async function refuseFilters(app: App, objectType: string, filterGroups: FilterGroups): Promise<void> {
  requireAccess(app, [objectType], 'read');
  await searchIds(app, objectType, { filterGroups }, { limit: 1 });
}

const partWrite = (changeSetId: string, part: number, ids: readonly string[]): Write => ({
  put: { ...bulkEditIdsKey(changeSetId, part), entity: 'bulk-edit-ids', ids: [...ids] },
});

const Ids = z.object({ ids: z.array(z.string()) });
const EditInput = z.object({
  changeSetId: z.string(),
  objectType: z.string(),
  properties: PropertyValues,
  filterGroups: z.optional(FilterGroups),
});
type EditInput = z.output<typeof EditInput>;

/** How many parts were written, with how many ids, and after which place of the search to go on. */
const Finding = z.object({
  phase: z.literal('FIND'),
  part: z.number(),
  found: z.number(),
  after: z.optional(z.string()),
});
type Finding = z.output<typeof Finding>;
const Editing = z.object({ phase: z.literal('EDIT'), part: z.number(), from: z.number() });
type Editing = z.output<typeof Editing>;
const Cursor = z.discriminatedUnion('phase', [Finding, Editing]);
type Cursor = z.output<typeof Cursor>;

/**
 * Gives the values to the records, each once, even when somebody changes one between a crash and the repeat. Filters are evaluated before
 * the first edit: their records are noted in the order of their ids, so that an edit after which a record no longer matches (or does from
 * then on) makes no other one be passed over or come twice.
 */
export const bulkEdit = defineJob({
  kind: bulkEditKind,
  input: EditInput,
  cursor: Cursor,
  slice: (app, { input, cursor }): Promise<Slice<Cursor>> => {
    const at = cursor ?? firstOf(input);
    return at.phase === 'FIND' ? findSlice(app, input, at) : editSlice(app, input, at);
  },
});

const editing: Editing = { phase: 'EDIT', part: 0, from: 0 };
const firstOf = ({ filterGroups }: EditInput): Cursor =>
  filterGroups ? { phase: 'FIND', part: 0, found: 0 } : editing;

async function findSlice(
  app: App,
  { changeSetId, objectType, filterGroups = [] }: EditInput,
  { part, found, after }: Finding,
): Promise<Slice<Cursor>> {
  const page = await searchIds(app, objectType, { filterGroups }, { limit: idsPerPage, ...(after && { after }) });
  const some = page.ids.length > 0;
  const all = found + page.ids.length;
  const next = { part: some ? part + 1 : part, found: all, after: page.after };
  return {
    done: false,
    processed: 0,
    also: some ? [partWrite(changeSetId, part, page.ids)] : [],
    ...(page.after === undefined ? { total: all, cursor: editing } : { cursor: { phase: 'FIND', ...next } }),
  };
}

async function editSlice(app: App, input: EditInput, { part, from }: Editing): Promise<Slice<Cursor>> {
  const { author } = await openChangeSet(app, input.changeSetId);
  const own: App = { ...app, actor: author, changeSetId: input.changeSetId };
  const stored = await app.table.get(bulkEditIdsKey(input.changeSetId, part), Ids);
  const ids = stored?.ids.slice(from, from + recordsPerSlice) ?? [];
  const refused = await inParallel(ids, recordsAtOnce, (id) => edit(own, input, id));
  const to = from + ids.length;
  return {
    done: !stored,
    processed: ids.length,
    counts: { refused: refused.filter(Boolean).length },
    ...(stored
      ? {
          cursor:
            to < stored.ids.length ? { phase: 'EDIT', part, from: to } : { phase: 'EDIT', part: part + 1, from: 0 },
        }
      : { also: await completeChangeSetWrites(app, input.changeSetId) }),
  };
}

/** Whether the record could not take the values; why stands in the change set. */
async function edit(app: App, input: EditInput, id: string): Promise<boolean> {
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
