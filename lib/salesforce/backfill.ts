import * as z from 'zod/mini';
import { send } from '../aws/queue.ts';
import type { App } from '../core/app.ts';
import { defineJob } from '../jobs/kind.ts';
import { membersPage } from '../lists/member-pages.ts';
import { listRecords } from '../objects/read-store.ts';
import { commitGroups } from '../table/groups.ts';
import { orStale } from '../table/steps.ts';
import { dirtyWrite } from './dirty.ts';
import { personRef } from './link.ts';
import { backfillKind, contactType } from './schema.ts';
import { rereadWrite } from './state.ts';

const recordsPerSlice = 400;

const Input = z.object({ ids: z.optional(z.array(z.string())), listId: z.optional(z.string()) });
type Input = z.output<typeof Input>;

/**
 * Marks records for the sync: those of these ids, those of a list, or all, and then Salesforce is read from the beginning, too. People whose
 * records were deleted in Salesforce are tied anew.
 */
export const salesforceBackfill = defineJob({
  kind: backfillKind,
  input: Input,
  cursor: z.object({ after: z.string() }),
  slice: async (app, { input, cursor }) => {
    const { ids, after } = await pageOf(app, input, cursor?.after);
    const how = { force: true, relink: true };
    const outcomes = await commitGroups(
      app.table,
      ids.map((id) => [orStale(dirtyWrite(app, personRef(id), how))]),
    );
    const failed = outcomes.find(Boolean);
    if (failed) throw failed;
    const processed = ids.length;
    if (after !== undefined) return { done: false, processed, cursor: { after } };
    if (!input.ids && !input.listId) await app.table.commit([rereadWrite(app)]);
    await send('salesforce', [{ kind: 'FULL' }]);
    return { done: true, processed };
  },
});

async function pageOf(
  app: App,
  { ids, listId }: Input,
  after: string | undefined,
): Promise<{ ids: readonly string[]; after?: string }> {
  const limit = recordsPerSlice;
  if (ids) {
    const start = Number(after ?? 0);
    const end = start + limit;
    return { ids: ids.slice(start, end), ...(end < ids.length && { after: String(end) }) };
  }
  if (listId !== undefined) {
    const { recordIds, ...rest } = await membersPage(app, listId, { limit, ...(after && { after }) });
    return { ids: recordIds, ...rest };
  }
  const { records, more } = await listRecords(app, contactType, { archived: false, limit, ...(after && { after }) });
  const last = records.at(-1);
  return { ids: records.map(({ id }) => id), ...(more && last && { after: last.id }) };
}
