import * as z from 'zod/mini';
import { AssociationCreated, AssociationRemoved } from '../../../events/association.ts';
import type { EventDetail } from '../../../events/define.ts';
import { FormSubmitted } from '../../../events/form.ts';
import { ListMemberAdded, ListMemberRemoved } from '../../../events/list.ts';
import { RecordCreated, RecordUpdated } from '../../../events/record.ts';
import { SubscriptionChanged } from '../../../events/subscription.ts';
import { SurveyAnswered } from '../../../events/survey.ts';
import type { RecordRef } from '../../table/keys.ts';
import { needsOf } from '../filters/needs.ts';
import { FilterBranch } from '../filters/schema.ts';
import { isOfRecordAlone, type Needs } from '../filters/view.ts';

/** A list that follows its filters, as the projector reads it. */
export const Listener = z.object({
  listId: z.string(),
  objectTypeId: z.string(),
  generation: z._default(z.number(), 1),
  filterBranch: z.record(z.string(), z.unknown()),
});
export type Listener = z.output<typeof Listener>;

/** A step from a record to others: to those that it is associated with, or to those whose property holds its id. */
export const Hop = z.discriminatedUnion('by', [
  z.object({ by: z.literal('association'), toObjectType: z.string() }),
  z.object({ by: z.literal('detached'), toObjectType: z.string() }),
  z.object({ by: z.literal('property'), toObjectType: z.string(), property: z.string() }),
]);
export type Hop = z.output<typeof Hop>;

/** A place in the filters: records of a type, what is asked of them, and the way from one of them to the records of the list. */
export type Place = { readonly objectType: string; readonly needs: Needs; readonly path: readonly Hop[] };

export type Compiled = {
  readonly branch: FilterBranch;
  readonly needs: Needs;
  readonly places: readonly Place[];
  /** The answer changes with the record's version or with time, and with nothing else. */
  readonly ofRecordAlone: boolean;
};

const compiled = new Map<string, Compiled>();
const compiledKept = 500;

/** The filters of a listener ready to use; a generation of a list has always the same ones. */
export function compile({ listId, generation, objectTypeId, filterBranch }: Listener): Compiled {
  const name = `${listId}.${generation}`;
  const known = compiled.get(name);
  if (known) return known;
  const branch = FilterBranch.parse(filterBranch);
  const needs = needsOf(branch, objectTypeId);
  const made = { branch, needs, places: placesOf(needs, objectTypeId, []), ofRecordAlone: isOfRecordAlone(needs) };
  if (compiled.size >= compiledKept) compiled.clear();
  compiled.set(name, made);
  return made;
}

function placesOf(needs: Needs, objectType: string, path: readonly Hop[]): Place[] {
  const associated = [...needs.associated].flatMap(([type, inner]) =>
    placesOf(inner, type, [{ by: 'association', toObjectType: objectType }, ...path]),
  );
  const referenced = [...needs.referenced].flatMap(([property, { objectType: type, needs: inner }]) =>
    placesOf(inner, type, [{ by: 'property', toObjectType: objectType, property }, ...path]),
  );
  return [{ objectType, needs, path }, ...associated, ...referenced];
}

/** The object types whose events may concern the list. */
export const listenedTypes = (listener: Listener): string[] => [
  ...new Set(compile(listener).places.map(({ objectType }) => objectType)),
];

export type Told = { readonly type: string; readonly detail: EventDetail };

/** A record that an event is about, and for an association the type at the other end. */
export type Side = RecordRef & { readonly other?: string };

const isAssociation = (type: string) => type === AssociationCreated.type || type === AssociationRemoved.type;

/** An event of an association lies in the log of one of the two records, and is about both. */
export function sidesOf({ type, detail }: Told): Side[] {
  const { objectType, recordId: id, toObjectType, toRecordId } = detail;
  if (!isAssociation(type) || typeof toObjectType !== 'string' || typeof toRecordId !== 'string')
    return [{ objectType, id }];
  return [
    { objectType, id, other: toObjectType },
    { objectType: toObjectType, id: toRecordId, other: objectType },
  ];
}

/** No event tells of a change of the modified date; one of the creation date may carry a record past the back-fill. */
const systemDates = ['createdate', 'hs_createdate', 'lastmodifieddate', 'hs_lastmodifieddate'];
const modifiedDates = systemDates.slice(2);
const createdDates = systemDates.slice(0, 2);

/** Whether an event of a record at this place may change who is in the list. */
export function concerns({ needs, path }: Place, { type, detail }: Told, { other }: Side): boolean {
  switch (type) {
    case AssociationCreated.type:
    case AssociationRemoved.type:
      return needs.associated.has(other ?? '');
    case RecordUpdated.type: {
      const changed = Object.keys((detail.changes ?? {}) as object);
      const looksAt = (name: string) => needs.properties.has(name);
      const isListed = path.length === 0 && changed.some((name) => createdDates.includes(name));
      return needs.changes || isListed || changed.some(looksAt) || modifiedDates.some(looksAt);
    }
    case RecordCreated.type:
      // What it is associated with hears of the associations.
      return path.length === 0 || path[0]?.by === 'property';
    case ListMemberAdded.type:
    case ListMemberRemoved.type:
      return needs.lists.has(String(detail.listId));
    case FormSubmitted.type:
    case SurveyAnswered.type:
      return needs.happenings;
    case SubscriptionChanged.type:
      return needs.subscription || needs.happenings;
    default:
      return type.startsWith('record.') || (type.startsWith('email.') && needs.happenings);
  }
}

/**
 * The ways to the records that are concerned. The associations of a record that goes to the archive, or comes back, are moved at about
 * that time: they are looked for in both places, in the order in which they go.
 */
export function pathsFrom({ path }: Place, { type }: Told): readonly (readonly Hop[])[] {
  const [first, ...rest] = path;
  if (first?.by !== 'association' || !type.startsWith('record.') || type === RecordUpdated.type) return [path];
  return [path, [{ ...first, by: 'detached' }, ...rest]];
}
