import * as z from 'zod/mini';
import { RecordMerged } from '../../events/record.ts';
import { whereIs } from '../associations/live-record.ts';
import type { App } from '../core/app.ts';
import { StoredList } from '../lists/schema.ts';
import { mergedIds } from '../merges/decide.ts';
import { isFilledByHand } from '../merges/move-memberships.ts';
import { CrmRecord } from '../objects/record.ts';
import { changeSetKey } from '../table/change-set-keys.ts';
import { inParallel } from '../table/in-parallel.ts';
import { eventPrefix, type RecordRef, recordKey } from '../table/keys.ts';
import { listKey } from '../table/list-keys.ts';
import { type Check, itemsAt, nameOf, type Problem } from './check.ts';
import { typeOf } from './records.ts';

const check = 'merge';
const readsAtOnce = 8;

/** A merged record is in the archive and leads to a record that there is, and that knows of it; so do all that one knows of. */
const merged: Check = {
  entity: 'record',
  examine: async (app, items) => {
    const found = await inParallel(items, readsAtOnce, async (item): Promise<Problem[]> => {
      const record = CrmRecord.parse(item);
      const what =
        record.mergedInto === undefined ? await survivorProblem(app, record) : await mergedProblem(app, record);
      return what ? [{ check, key: nameOf(recordKey(record)), what }] : [];
    });
    return found.flat();
  },
};

async function mergedProblem(app: App, record: CrmRecord): Promise<string | undefined> {
  if (record.archivedAt === undefined) return 'was merged and is not in the archive';
  const { ref, state } = await whereIs(app, record);
  if (state === 'GONE') return 'was merged into a record that is gone';
  const survivor = await app.table.get(recordKey(ref), CrmRecord);
  if (!survivor) return 'was merged into a record that is gone';
  return mergedIds(survivor).includes(record.id) ? undefined : 'was merged into a record that does not know of it';
}

async function survivorProblem(app: App, record: CrmRecord): Promise<string | undefined> {
  const type = await typeOf(app, record.objectType);
  const further = (record.aliases?.email ?? []).join(';');
  if (type?.properties.has('hs_additional_emails') && further !== (record.properties.hs_additional_emails ?? ''))
    return 'its further addresses are not those that lead to it';
  for (const id of mergedIds(record)) {
    const { ref, state } = await whereIs(app, { objectType: record.objectType, id });
    if (state === 'GONE') return `${id} was merged into it and is gone`;
    if (ref.id !== record.id) return `${id} is said to be one with it and is not`;
  }
  return undefined;
}

/** No merged record is left in a list that people fill when its merge is complete. The lists that follow filters are looked at as such. */
const moved: Check = {
  entity: 'membership',
  examine: async (app, items) => {
    const rows = items.map((item) => ({ item, ref: refOf(item.pk), list: listKey(String(item.listId)) }));
    const stored = await itemsAt(
      app,
      rows.flatMap(({ ref, list }) => [recordKey(ref), list]),
    );
    const found = await inParallel(rows, readsAtOnce, async ({ item, ref, list }): Promise<Problem[]> => {
      const isMerged = stored.get(nameOf(recordKey(ref)))?.mergedInto !== undefined;
      const itsList = stored.get(nameOf(list));
      if (!isMerged || !itsList || !isFilledByHand(StoredList.parse(itsList)) || !(await isComplete(app, ref)))
        return [];
      return [{ check, key: nameOf(item), what: 'was left with a record that was merged' }];
    });
    return found.flat();
  },
};

function refOf(pk: string): RecordRef {
  const [objectType = '', id = ''] = pk.split('#');
  return { objectType, id };
}

const Logged = z.object({
  type: z.string(),
  detail: z.object({ role: z.optional(z.string()), changeSetId: z.optional(z.string()) }),
});
const Status = z.object({ status: z.string() });
const eventsPerPage = 100;

/** Whether the merge that a record's log tells of last has moved everything. */
async function isComplete(app: App, ref: RecordRef): Promise<boolean> {
  const { pk } = recordKey(ref);
  let startAfter: Record<string, unknown> | undefined;
  do {
    const query = { pk, prefix: eventPrefix, descending: true, limit: eventsPerPage };
    const page = await app.table.query({ ...query, ...(startAfter && { startAfter }) }, Logged);
    const last = page.items.find(({ type, detail }) => type === RecordMerged.type && detail.role === 'MERGED');
    const id = last?.detail.changeSetId;
    if (id !== undefined) return (await app.table.get(changeSetKey(id), Status))?.status === 'COMPLETE';
    startAfter = page.lastKey;
  } while (startAfter);
  return true;
}

export const mergeChecks: readonly Check[] = [merged, moved];
