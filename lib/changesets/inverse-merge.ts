import { RecordUnmerged } from '../../events/record.ts';
import type { App } from '../core/app.ts';
import { jobWrites } from '../jobs/store.ts';
import { attachOrder } from '../lifecycle/attach-order.ts';
import { mergedIds, mergeProperties } from '../merges/decide.ts';
import type { ObjectType } from '../objects/definition.ts';
import { UniqueRow } from '../objects/read-store.ts';
import { CrmRecord, changedRecord, restoredRecord } from '../objects/record.ts';
import { eventOf, recordsSteps } from '../objects/record-steps.ts';
import { typeKnowing } from '../objects/store.ts';
import { uniqueValueOf } from '../objects/unique-value.ts';
import { loggedSteps } from '../table/event-log.ts';
import { recordKey, uniqueKey } from '../table/keys.ts';
import { orStale } from '../table/steps.ts';
import { type Inverse, type Kept, left, nothing, type Undoing } from './inverse.ts';
import { revertible } from './inverse-record.ts';

type Aliases = Readonly<Record<string, readonly string[]>>;

/**
 * Takes a merge back: the merged record is there again as it was, and the survivor loses what the merge gave to it, but for what was
 * changed since. Associations and memberships go back by the undoing of their own rows. Told of the survivor's event; the one in the
 * other record's log has nothing to add.
 */
export async function undoMerge(undoing: Undoing): Promise<Inverse> {
  const { app, record, event } = undoing;
  const { role, otherRecordId, aliases = {} } = event.detail;
  if (role !== 'SURVIVOR' || otherRecordId === undefined) return nothing;
  const primary = await app.table.get(recordKey(record), CrmRecord);
  const other = await app.table.get(recordKey({ ...record, id: otherRecordId }), CrmRecord);
  if (!primary || !other) return left({ reason: 'RECORD_GONE' });
  if (other.mergedInto !== record.id) return nothing;
  // What was merged on must come apart in the order in which it came together.
  if (primary.mergedInto !== undefined) return left({ reason: 'RECORD_MERGED' });
  const type = await typeKnowing(app, { ...primary, properties: { ...other.properties, ...primary.properties } });
  const { survivor, changes, kept } = await survivorOf(undoing, type, primary, other, aliases);
  const back = await comeBack(app, type, survivor, other);
  const { job, writes } = await jobWrites(app, attachOrder(back.record));
  const told = { changes, role, otherRecordId, aliases };
  const otherTold = { changes: {}, role: 'MERGED' as const, otherRecordId: record.id, aliases };
  return {
    steps: [
      ...recordsSteps(type, [
        { before: primary, after: survivor },
        { before: other, after: back.record },
      ]),
      ...loggedSteps(RecordUnmerged.of({ ...eventOf(app, survivor), ...told })),
      ...loggedSteps(RecordUnmerged.of({ ...eventOf(app, back.record), ...otherTold })),
      ...writes.map(orStale),
    ],
    kept: [...kept, ...back.kept],
    job,
  };
}

/** The survivor without what the merge gave to it. What it has of later merges stays. */
async function survivorOf(
  undoing: Undoing,
  type: ObjectType,
  primary: CrmRecord,
  other: CrmRecord,
  brought: Aliases,
): Promise<{ survivor: CrmRecord; changes: NonNullable<ReturnType<typeof changedRecord>>['changes']; kept: Kept[] }> {
  const gone = new Set([other.id, ...mergedIds(other)]);
  const aliases = without(primary.aliases ?? {}, brought);
  const ofMerge = mergeProperties(
    type,
    mergedIds(primary).filter((id) => !gone.has(id)),
    aliases,
  );
  const { values, kept } = await revertible(undoing, primary);
  const decision = changedRecord(type, primary, { ...values, ...ofMerge }, undoing.app.now());
  const { aliases: _, ...record } = decision?.record ?? primary;
  return {
    survivor: { ...record, ...(Object.keys(aliases).length > 0 && { aliases }) },
    changes: decision?.changes ?? {},
    kept: kept.filter(({ property = '' }) => !(property in ofMerge)),
  };
}

function without(all: Aliases, brought: Aliases): Record<string, string[]> {
  const rest = Object.entries(all).map(
    ([name, values]) => [name, values.filter((value) => !brought[name]?.includes(value))] as const,
  );
  return Object.fromEntries(rest.filter(([, values]) => values.length > 0));
}

/** The merged record as it was; a unique value that somebody else has by now stays with him. */
async function comeBack(
  app: App,
  type: ObjectType,
  survivor: CrmRecord,
  other: CrmRecord,
): Promise<{ readonly record: CrmRecord; readonly kept: Kept[] }> {
  const record = restoredRecord(other, app.now());
  const properties = { ...record.properties };
  const kept: Kept[] = [];
  for (const [name, value] of Object.entries(other.properties)) {
    const definition = type.properties.get(name);
    if (!definition?.hasUniqueValue) continue;
    const spelt = uniqueValueOf(definition, value);
    const owner = (await app.table.get(uniqueKey(other.objectType, name, spelt), UniqueRow))?.id;
    const own = survivor.properties[name];
    const free = owner === undefined || owner === survivor.id;
    if (free && (own === undefined || uniqueValueOf(definition, own) !== spelt)) continue;
    delete properties[name];
    kept.push({ property: name, reason: 'UNIQUE_VALUE_TAKEN' });
  }
  return { record: { ...record, properties }, kept };
}
