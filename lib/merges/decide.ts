import type { Changes } from '../../events/define.ts';
import { CrmError } from '../core/errors.ts';
import type { ObjectType } from '../objects/definition.ts';
import { archivedRecord, type CrmRecord, changedRecord } from '../objects/record.ts';
import { uniqueValueOf } from '../objects/unique-value.ts';

type Aliases = Readonly<Record<string, readonly string[]>>;

/** HubSpot's limit on the records that are merged into one. */
const mostMerged = 250;
/** A unique value is a row that is written and removed with the record, and a transaction has a hundred writes. */
const mostAliases = 40;

/** Properties that say what a record is, not what is known of somebody: the survivor keeps its own. */
const ownFacts = new Set([
  'hs_object_id',
  'hs_ticket_id',
  'hs_object_source',
  'hs_object_source_id',
  'hs_object_source_label',
  'hs_merged_object_ids',
  'hs_additional_emails',
]);
/** What follows from another property comes with that one only. */
const follows: Readonly<Record<string, string>> = { phone_extension: 'phone', hs_email_domain: 'email' };

export type MergeDecision = {
  readonly survivor: CrmRecord;
  readonly merged: CrmRecord & { readonly archivedAt: string; readonly mergedInto: string };
  readonly changes: Changes;
  /** By property: unique values of the merged record that come to lead to the survivor. */
  readonly aliases: Record<string, string[]>;
};

export const mergedIds = ({ properties }: Pick<CrmRecord, 'properties'>): string[] =>
  (properties.hs_merged_object_ids ?? '').split(';').filter(Boolean);

/**
 * What becomes of two records that are one: the primary one keeps its id and its values, its blanks are filled from the other, and every
 * unique value of the other leads to it from now on. @throws CrmError 400, 414
 */
export function decideMerge(type: ObjectType, primary: CrmRecord, other: CrmRecord, now: string): MergeDecision {
  const ids = [...mergedIds(primary), other.id, ...mergedIds(other)];
  if (ids.length > mostMerged) throw tooMany(`more than ${mostMerged} records cannot be merged into one`, 414);
  const filled = blanksOf(type, primary, other);
  const aliases = aliasesOf(type, { ...primary.properties, ...filled }, primary.aliases ?? {}, other);
  const all = united(primary.aliases ?? {}, aliases);
  if (Object.values(all).flat().length > mostAliases)
    throw tooMany(`a record has at most ${mostAliases} further unique values`, 400);
  const values = { ...filled, ...mergeProperties(type, ids, all) };
  const decision = changedRecord(type, primary, values, now);
  const archived = archivedRecord(other, now);
  const { aliases: _, ...rest } = archived;
  return {
    survivor: { ...(decision?.record ?? primary), ...(Object.keys(all).length > 0 && { aliases: all }) },
    merged: { ...rest, mergedInto: primary.id, ...(other.aliases && { aliases: other.aliases }) },
    changes: decision?.changes ?? {},
    aliases,
  };
}

function blanksOf(type: ObjectType, primary: CrmRecord, other: CrmRecord): Record<string, string> {
  const isBlank = (name: string) => !primary.properties[name];
  const system = new Set([...ownFacts, type.createdProperty, type.modifiedProperty]);
  return Object.fromEntries(
    Object.entries(other.properties).filter(
      ([name]) => isBlank(name) && !system.has(name) && type.properties.has(name) && isBlank(follows[name] ?? name),
    ),
  );
}

/** Every unique value of the other record that is not the survivor's own by now. */
function aliasesOf(
  type: ObjectType,
  survivor: Readonly<Record<string, string>>,
  known: Aliases,
  other: CrmRecord,
): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const [name, definition] of type.properties) {
    if (!definition.hasUniqueValue) continue;
    const spelt = (value: string) => uniqueValueOf(definition, value);
    const taken = new Set([...(known[name] ?? []), survivor[name] ?? ''].map(spelt));
    const own = other.properties[name];
    const values = [...(own ? [own] : []), ...(other.aliases?.[name] ?? [])].filter(
      (value) => !taken.has(spelt(value)),
    );
    if (values.length > 0) found[name] = values;
  }
  return found;
}

function united(known: Aliases, more: Aliases): Record<string, string[]> {
  const names = new Set([...Object.keys(known), ...Object.keys(more)]);
  return Object.fromEntries([...names].map((name) => [name, [...(known[name] ?? []), ...(more[name] ?? [])]]));
}

/** What HubSpot's clients read of a merge; custom types have the properties, too. */
export const mergeProperties = (
  type: ObjectType,
  ids: readonly string[],
  aliases: Aliases,
): Record<string, string | null> => ({
  hs_merged_object_ids: ids.join(';') || null,
  ...(type.properties.has('hs_additional_emails') && { hs_additional_emails: (aliases.email ?? []).join(';') || null }),
});

const tooMany = (why: string, status: number) =>
  new CrmError('VALIDATION_ERROR', `The records were not merged: ${why}`, { status, subCategory: 'TOO_MANY_MERGES' });
