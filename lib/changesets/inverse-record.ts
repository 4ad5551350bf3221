import * as z from 'zod/mini';
import { jobWrites } from '../jobs/store.ts';
import { attachOrder } from '../lifecycle/attach-order.ts';
import { archivedRecord, CrmRecord, changedRecord, restoredRecord } from '../objects/record.ts';
import { archiveSteps, restoreSteps, updateSteps } from '../objects/record-steps.ts';
import { typeKnowing } from '../objects/store.ts';
import { everyAssociation, recordKey } from '../table/keys.ts';
import { orStale } from '../table/steps.ts';
import { type Inverse, type Kept, left, nothing, type Undoing } from './inverse.ts';
import { laterThan } from './later.ts';

/** Its absence, for what an undo leaves alone: the record was merged, archived or erased by others. */
function absence(record: CrmRecord | undefined): Kept | undefined {
  if (!record) return { reason: 'RECORD_GONE' };
  if (record.mergedInto !== undefined) return { reason: 'RECORD_MERGED' };
  return record.archivedAt === undefined ? undefined : { reason: 'RECORD_ARCHIVED' };
}

/** Which of the changed properties go back to what they were, and which stay because somebody changed them since. */
export async function revertible(
  { app, family, record, event, taken }: Undoing,
  current: CrmRecord,
): Promise<{ readonly values: Record<string, string | null>; readonly kept: Kept[] }> {
  const later = await laterThan(app, record, event.detail.id, family);
  const type = await typeKnowing(app, current);
  const values: Record<string, string | null> = {};
  const kept: Kept[] = [];
  for (const [property, [from, to]] of Object.entries(event.detail.changes ?? {})) {
    const now = current.properties[property] ?? null;
    if (now === from) continue;
    const known = type.properties.has(property) || type.archivedProperties.has(property);
    const ours = now === (later.left.has(property) ? later.left.get(property) : to);
    if (later.properties.has(property) || !ours) kept.push({ property, reason: 'CHANGED_LATER' });
    else if (taken.has(property)) kept.push({ property, reason: 'UNIQUE_VALUE_TAKEN' });
    else if (!known && !property.startsWith('hs_')) kept.push({ property, reason: 'PROPERTY_GONE' });
    else values[property] = from;
  }
  return { values, kept };
}

/**
 * Values go back to what they were, not through the rules for values: they were right when they stood, and a rule (a stage that cannot be
 * left, a required property, an option that was taken away, a lifecycle that only goes forward) must not forbid the way back. That a
 * unique value has one owner holds all the same.
 */
export async function undoUpdate(undoing: Undoing): Promise<Inverse> {
  const { app, record } = undoing;
  const current = await app.table.get(recordKey(record), CrmRecord);
  const absent = absence(current);
  if (!current || absent) return left(absent ?? { reason: 'RECORD_GONE' });
  const { values, kept } = await revertible(undoing, current);
  const type = await typeKnowing(app, current);
  const decision = changedRecord(type, current, values, app.now());
  return { steps: decision ? updateSteps(app, type, current, decision) : [], kept };
}

const Row = z.object({ sk: z.string() });

/** A record that came into being goes to the archive, unless others have worked with it since. */
export async function undoCreate({ app, family, record, event }: Undoing): Promise<Inverse> {
  const current = await app.table.get(recordKey(record), CrmRecord);
  const absent = absence(current);
  if (!current || absent)
    return absent?.reason === 'RECORD_ARCHIVED' ? nothing : left({ reason: absent?.reason ?? 'RECORD_GONE' });
  const later = await laterThan(app, record, event.detail.id, family);
  if (later.properties.size > 0 || later.moved) return left({ reason: 'EDITED_LATER' });
  // When everything else is undone, its associations of the change set are gone: what is left, others made.
  const { items } = await app.table.query({ pk: recordKey(record).pk, prefix: everyAssociation, limit: 1 }, Row);
  if (items.length > 0) return { ...left({ reason: 'ASSOCIATED_LATER' }), waits: true };
  const type = await typeKnowing(app, current);
  return { steps: archiveSteps(app, type, current, archivedRecord(current, app.now())), kept: [] };
}

/** A record that went to the archive comes back, with its associations. */
export async function undoArchive({ app, family, record, event }: Undoing): Promise<Inverse> {
  const current = await app.table.get(recordKey(record), CrmRecord);
  if (!current) return left({ reason: 'RECORD_GONE' });
  if (current.mergedInto !== undefined) return left({ reason: 'RECORD_MERGED' });
  const { archivedAt } = current;
  if (archivedAt === undefined) return nothing;
  if ((await laterThan(app, record, event.detail.id, family)).moved) return left({ reason: 'CHANGED_LATER' });
  const type = await typeKnowing(app, current);
  const { job, writes } = await jobWrites(app, attachOrder(current));
  const after = restoredRecord(current, app.now());
  const steps = [...restoreSteps(app, type, { ...current, archivedAt }, after), ...writes.map(orStale)];
  return { steps, kept: [], job };
}

/** A record that came back goes to the archive again, unless others have worked with it since. */
export async function undoRestore({ app, family, record, event }: Undoing): Promise<Inverse> {
  const current = await app.table.get(recordKey(record), CrmRecord);
  const absent = absence(current);
  if (!current || absent)
    return absent?.reason === 'RECORD_ARCHIVED' ? nothing : left({ reason: absent?.reason ?? 'RECORD_GONE' });
  const later = await laterThan(app, record, event.detail.id, family);
  if (later.properties.size > 0 || later.moved || later.pairs.size > 0) return left({ reason: 'EDITED_LATER' });
  const type = await typeKnowing(app, current);
  return { steps: archiveSteps(app, type, current, archivedRecord(current, app.now())), kept: [] };
}
