import * as z from 'zod/mini';
import type { App } from '../../core/app.ts';
import { defineJob } from '../../jobs/kind.ts';
import { loadObjectType } from '../../objects/definition-store.ts';
import { CrmRecord } from '../../objects/record.ts';
import { ListedAfter, livePage } from '../../objects/record-pages.ts';
import { attributes } from '../../table/conditions.ts';
import { inParallel } from '../../table/in-parallel.ts';
import { countKey, recordKey } from '../../table/keys.ts';
import { listKey } from '../../table/list-keys.ts';
import type { Write } from '../../table/write.ts';
import { evaluate } from '../filters/evaluate.ts';
import { backfillKind } from '../job-kinds.ts';
import { membersPage } from '../member-pages.ts';
import { changeMembers } from '../members.ts';
import type { StoredList } from '../schema.ts';
import { follow } from './follow.ts';
import { compile, Listener } from './listener.ts';
import { loadView } from './load.ts';
import { findList } from './read-store.ts';
import { listenerOf } from './store.ts';

const recordsPerSlice = 200;
const readsAtOnce = 8;

const Cursor = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('records'), after: ListedAfter }),
  z.object({ phase: z.literal('members'), after: z.optional(z.string()) }),
]);
type Cursor = z.output<typeof Cursor>;
type Slice = { readonly processed: number; readonly next?: Cursor };

/**
 * Looks at every record of a list's type for new filters: those that meet them come in, those that met the former ones leave. It runs
 * beside the projector. The list, its listener rows and this job are made by one transaction: a record that was changed before is read
 * here as it is now, and the event of a change after it finds the listener rows, because the projector reads them after the event.
 * Both look at a record in the same way (`follow`), so twice changes nothing. Members come last, for those that are no live record.
 *
 * A snapshot has no listener rows: what meets its filters now comes in, and nobody leaves.
 */
export const listBackfill = defineJob({
  kind: backfillKind,
  input: z.object({ listId: z.string(), generation: z.number() }),
  cursor: Cursor,
  slice: async (app, { input, cursor }) => {
    const list = await findList(app, input.listId);
    // Other filters have a job of their own.
    if (list?.generation !== input.generation || !list.filterBranch) return { done: true, processed: 0 };
    const total = cursor === undefined ? await totalOf(app, list) : {};
    const { processed, next } =
      cursor?.phase === 'members'
        ? await lookAtMembers(app, list, cursor.after)
        : await lookAtRecords(app, list, cursor?.after);
    if (next) return { done: false, processed, cursor: next, ...total };
    return { done: true, processed, ...total, also: [completed(list)] };
  },
});

const Count = z.object({ records: z.optional(z.number()) });

async function totalOf(app: App, { objectTypeId }: StoredList): Promise<{ total?: number }> {
  const count = await app.table.get(countKey(objectTypeId), Count);
  return count?.records === undefined ? {} : { total: count.records };
}

async function lookAtRecords(app: App, list: StoredList, after: ListedAfter | undefined): Promise<Slice> {
  const { objectTypeId, createdProperty } = await loadObjectType(app, list.objectTypeId);
  const walked = { objectType: objectTypeId, createdProperty };
  const page = await livePage(app, walked, { limit: recordsPerSlice, ...(after && { after }) });
  const ids = page.refs.map(({ id }) => id);
  const listener = listenerOf(list);
  if (listener) await lookAt(app, listener, ids, list.quiet);
  else await takeIn(app, list, ids);
  if (page.after) return { processed: ids.length, next: { phase: 'records', after: page.after } };
  return { processed: ids.length, ...(listener && { next: { phase: 'members' } }) };
}

const lookAt = (app: App, listener: Listener, ids: readonly string[], quiet = false): Promise<void> =>
  follow(
    app,
    ids.map((id) => ({ listener, id, cause: [], quiet })),
  );

/** Members were looked at as records already; it is those who are in the archive, or gone, that leave here. */
async function lookAtMembers(app: App, list: StoredList, after: string | undefined): Promise<Slice> {
  const listener = listenerOf(list);
  if (!listener) return { processed: 0 };
  const page = await membersPage(app, list.listId, { limit: recordsPerSlice, ...(after !== undefined && { after }) });
  const records = await app.table.getMany(
    page.recordIds.map((id) => recordKey({ objectType: list.objectTypeId, id })),
    CrmRecord,
  );
  const live = new Set(records.flatMap(({ id, archivedAt }) => (archivedAt === undefined ? [id] : [])));
  await lookAt(
    app,
    listener,
    page.recordIds.filter((id) => !live.has(id)),
  );
  return { processed: 0, ...(page.after !== undefined && { next: { phase: 'members', after: page.after } }) };
}

async function takeIn(app: App, list: StoredList, ids: readonly string[]): Promise<void> {
  const { branch, needs } = compile(Listener.parse(list));
  const records = await app.table.getMany(
    ids.map((id) => recordKey({ objectType: list.objectTypeId, id })),
    CrmRecord,
  );
  const live = records.filter(({ archivedAt }) => archivedAt === undefined);
  const found = await inParallel(live, readsAtOnce, async (record) => {
    const view = await loadView(app, record, needs);
    return evaluate(branch, view, Date.parse(app.now())).met ? [record.id] : [];
  });
  await changeMembers(app, list, { add: found.flat(), remove: [] });
}

/** Stands or falls with the job's last slice: other filters, set meanwhile, let the slice run again and find that it is late. */
const completed = ({ listId, generation }: StoredList): Write => ({
  update: listKey(listId),
  set: { processingStatus: 'COMPLETE' },
  add: { version: 1 },
  when: attributes({ generation }),
});
