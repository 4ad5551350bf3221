import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { changeSetPartition, changeSetRowKey, changeSetRowPrefix } from '../table/change-set-keys.ts';

/** One change of a change set; the event has what changed. */
export const ChangeSetRow = z.object({
  eventId: z.string(),
  type: z.string(),
  objectType: z.string(),
  recordId: z.string(),
});
export type ChangeSetRow = z.output<typeof ChangeSetRow>;

type Page = { readonly limit: number; readonly after?: string | undefined; readonly descending?: boolean };

/** A page of a change set's rows in the order in which they were made, or newest first. `after` is the last event of the page before. */
export async function readRows(
  app: App,
  id: string,
  { limit, after, descending = false }: Page,
): Promise<{ readonly rows: ChangeSetRow[]; readonly after?: string }> {
  const page = await app.table.query(
    {
      pk: changeSetPartition(id),
      prefix: changeSetRowPrefix,
      limit: limit + 1,
      descending,
      ...(after && { startAfter: changeSetRowKey(id, after) }),
    },
    ChangeSetRow,
  );
  const rows = page.items.slice(0, limit);
  const last = rows.at(-1);
  return { rows, ...((page.items.length > limit || page.lastKey) && last && { after: last.eventId }) };
}
