import * as z from 'zod/mini';
import type { Actor, Changes } from '../../events/define.ts';
import type { ObjectType } from './definition.ts';

/** A record of any object type. Values are strings as on the wire; a property that is not set is not there. */
export const CrmRecord = z.object({
  objectType: z.string(),
  id: z.string(),
  properties: z.record(z.string(), z.string()),
  /** Rises by one with each change; every write has the condition that it is still the one that was read. */
  version: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
  archivedAt: z.optional(z.string()),
  /** The record that it is one with since a merge; then it is archived, too. */
  mergedInto: z.optional(z.string()),
  /** By property: unique values besides its own that lead to it, of records that were merged into it. */
  aliases: z.optional(z.record(z.string(), z.array(z.string()))),
});
export type CrmRecord = z.output<typeof CrmRecord>;

/** Checked values to set; null clears. */
export type Values = Readonly<Record<string, string | null>>;

/** A record as it shall be, and what is different from before. */
export type Decision = { readonly record: CrmRecord; readonly changes: Changes };

/** A new record with its values and system properties; every one of them is a change from nothing. */
export function newRecord(type: ObjectType, values: Values, at: { id: string; now: string; actor: Actor }): Decision {
  const properties = {
    ...onlySet(values),
    ...sourceProperties(type, at.actor),
    hs_object_id: at.id,
    ...(type.properties.has('hs_ticket_id') && { hs_ticket_id: at.id }),
    [type.createdProperty]: values[type.createdProperty] ?? at.now,
    [type.modifiedProperty]: at.now,
  };
  return {
    record: { objectType: type.objectTypeId, id: at.id, properties, version: 1, createdAt: at.now, updatedAt: at.now },
    changes: Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, [null, value]])),
  };
}

/** The record with the values that really differ, or undefined when none does. The modified date is in no change: it is the event's time. */
export function changedRecord(type: ObjectType, current: CrmRecord, values: Values, now: string): Decision | undefined {
  const changes: Changes = {};
  for (const [name, to] of Object.entries(values)) {
    const from = current.properties[name] ?? null;
    if (from !== to) changes[name] = [from, to];
  }
  if (Object.keys(changes).length === 0) return undefined;
  const updatedAt = later(current.updatedAt, now);
  const properties = { ...onlySet({ ...current.properties, ...values }), [type.modifiedProperty]: updatedAt };
  return { record: { ...current, properties, version: current.version + 1, updatedAt }, changes };
}

/** The record in the archive; its values stay as they were. */
export function archivedRecord(current: CrmRecord, now: string): CrmRecord & { readonly archivedAt: string } {
  const archivedAt = later(current.updatedAt, now);
  return { ...current, version: current.version + 1, updatedAt: archivedAt, archivedAt };
}

/** The record as it comes back from the archive. */
export function restoredRecord({ archivedAt: _, mergedInto: __, ...rest }: CrmRecord, now: string): CrmRecord {
  return { ...rest, version: rest.version + 1, updatedAt: later(rest.updatedAt, now) };
}

const onlySet = (values: Values): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null));

/** Modified dates of one record rise strictly, even when two clocks disagree: who pages by them loses nothing. */
const later = (previous: string, now: string) =>
  now > previous ? now : new Date(Date.parse(previous) + 1).toISOString();

/** HubSpot's names for where a change came from. */
export const sourceTypes: Readonly<Record<Actor['kind'], string>> = {
  token: 'INTEGRATION',
  user: 'CRM_UI',
  form: 'FORM',
  survey: 'SURVEY',
  flow: 'AUTOMATION_PLATFORM',
  import: 'IMPORT',
  salesforce: 'SALESFORCE',
  system: 'INTERNAL_PROCESSING',
};

function sourceProperties(type: ObjectType, actor: Actor): Record<string, string> {
  const source = sourceTypes[actor.kind];
  const facts = { hs_object_source: source, hs_object_source_label: source, hs_object_source_id: actor.id };
  return Object.fromEntries(Object.entries(facts).filter(([name]) => type.properties.has(name)));
}
