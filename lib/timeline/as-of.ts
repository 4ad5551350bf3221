import * as z from 'zod/mini';
import { Changes } from '../../events/define.ts';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import type { CrmRecord } from '../objects/record.ts';
import { eventKey, eventPrefix } from '../table/keys.ts';

const Logged = z.object({
  type: z.string(),
  detail: z.object({
    id: z.string(),
    occurredAt: z.string(),
    changes: z.optional(Changes),
    role: z.optional(z.string()),
  }),
});
type Logged = z.output<typeof Logged>;

/**
 * The record as it was at a moment, by taking back what its log says happened since: reading costs as much as happened after that
 * moment. The archive counts too: a record that was in it then is shown as archived.
 * @throws CrmError 404 when the record did not exist yet
 */
export async function recordAsOf(app: App, record: CrmRecord, at: string): Promise<CrmRecord> {
  const { modifiedProperty } = await loadObjectType(app, record.objectType);
  let past: CrmRecord = record;
  for await (const { type, detail } of logBackwards(app, record)) {
    if (!type.startsWith('record.')) continue;
    if (detail.occurredAt <= at) return dated(past, detail.occurredAt, modifiedProperty);
    if (type === 'record.created') throw notYet(record, at);
    past = before(past, type, detail);
  }
  if (record.createdAt > at) throw notYet(record, at);
  return past;
}

const notYet = ({ id, createdAt }: CrmRecord, at: string) =>
  new CrmError('OBJECT_NOT_FOUND', `The record ${id} did not exist at ${at}: it was made at ${createdAt}`, {
    context: { id: [id], createdAt: [createdAt] },
  });

async function* logBackwards(app: App, record: CrmRecord): AsyncGenerator<Logged> {
  const pk = eventKey(record, '').pk;
  let startAfter: Record<string, unknown> | undefined;
  do {
    const page = await app.table.query(
      { pk, prefix: eventPrefix, descending: true, ...(startAfter && { startAfter }) },
      Logged,
    );
    yield* page.items;
    startAfter = page.lastKey;
  } while (startAfter);
}

/** The record before an event changed it. */
function before(record: CrmRecord, type: string, { changes = {}, occurredAt, role }: Logged['detail']): CrmRecord {
  const { archivedAt: _, mergedInto: __, ...alive } = record;
  const properties = { ...record.properties };
  for (const [name, [from]] of Object.entries(changes)) {
    if (from === null) delete properties[name];
    else properties[name] = from;
  }
  if (type === 'record.archived' || (type === 'record.merged' && role === 'MERGED')) return { ...alive, properties };
  // What was restored lay in the archive: since when is told by the event before it.
  if (type === 'record.restored' || (type === 'record.unmerged' && role === 'MERGED'))
    return { ...alive, properties, archivedAt: occurredAt };
  return { ...record, properties };
}

function dated(record: CrmRecord, updatedAt: string, modifiedProperty: string): CrmRecord {
  const properties = { ...record.properties, [modifiedProperty]: updatedAt };
  return { ...record, properties, updatedAt, ...(record.archivedAt && { archivedAt: updatedAt }) };
}
