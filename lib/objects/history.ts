import * as z from 'zod/mini';
import { Actor, Changes } from '../../events/define.ts';
import type { App } from '../core/app.ts';
import { eventKey, eventPrefix } from '../table/keys.ts';
import type { ObjectType } from './definition.ts';
import { type CrmRecord, sourceTypes } from './record.ts';
import type { HistoryEntry } from './schema.ts';

const LoggedChange = z.object({
  type: z.string(),
  detail: z.object({ occurredAt: z.string(), actor: Actor, changes: z.optional(Changes) }),
});
type LoggedChange = z.output<typeof LoggedChange>;

/** Every value that properties had, from the record's event log, newest first. HubSpot tells the last 20 (contacts) or 45. */
export async function readHistory(
  app: App,
  type: ObjectType,
  record: CrmRecord,
  names: readonly string[],
): Promise<Record<string, HistoryEntry[]>> {
  const history = new Map(names.map((name) => [name, [] as HistoryEntry[]]));
  const pk = eventKey(record, '').pk;
  let startAfter: Record<string, unknown> | undefined;
  do {
    const page = await app.table.query(
      { pk, prefix: eventPrefix, descending: true, ...(startAfter && { startAfter }) },
      LoggedChange,
    );
    for (const event of page.items) collect(history, event, type.modifiedProperty);
    startAfter = page.lastKey;
  } while (startAfter);
  return Object.fromEntries(history);
}

const changing = new Set(['record.created', 'record.updated', 'record.merged', 'record.unmerged', 'record.restored']);

/** The modified date is in no update's changes, because it is the time of the event. */
function collect(history: Map<string, HistoryEntry[]>, { type, detail }: LoggedChange, modifiedProperty: string): void {
  if (!changing.has(type)) return;
  for (const [name, entries] of history) {
    const value = name === modifiedProperty ? detail.occurredAt : detail.changes?.[name]?.[1];
    if (value !== undefined) entries.push(entryOf(value, detail));
  }
}

const entryOf = (value: string | null, { occurredAt, actor }: LoggedChange['detail']): HistoryEntry => ({
  value: value ?? '',
  timestamp: occurredAt,
  sourceType: sourceTypes[actor.kind],
  sourceId: actor.id,
  ...(actor.kind === 'user' && /^\d+$/.test(actor.id) && { updatedByUserId: Number(actor.id) }),
});
