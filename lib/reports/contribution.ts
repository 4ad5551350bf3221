import { type Compared, passesFilters } from '../objects/filter.ts';
import type { CrmRecord } from '../objects/record.ts';
import { readScore, worthOf } from '../surveys/score.ts';
import { type Amount, amountOf } from './amount.ts';
import { bucketOf, dayOfValue } from './bucket.ts';
import { cellOf, groupValue } from './cell.ts';
import { type GroupBy, isScoreMeasure, type Report } from './schema.ts';

/** What one record adds to one report: one to the count of a cell, and its amount when the report sums. */
export type Contribution = { readonly cell: string; readonly amount: Amount };

export type Evaluated = Pick<Report, 'definition' | 'types'>;

const nothing: Amount = { whole: 0, micro: 0 };

export const ownerProperty = 'hubspot_owner_id';

/** Whether a report needs the first owner of its records. */
export const asksFirstOwner = ({ definition: { ownerAt, groupBy } }: Pick<Report, 'definition'>): boolean =>
  ownerAt === 'creation' && groupBy.some((group) => 'property' in group && group.property === ownerProperty);

/**
 * Where a record stands in a report as it is now; undefined when it does not: it is archived, a filter refuses it, it lacks the date of
 * the report, or the number that is summed, or the score that is measured. Says the same for the same record whenever it is asked.
 */
export function contributionOf(
  { definition, types }: Evaluated,
  record: CrmRecord,
  firstOwner: string | undefined,
): Contribution | undefined {
  if (record.archivedAt !== undefined) return undefined;
  const typeOf = (name: string): Compared | undefined => types[name];
  if (!passesFilters(definition.filterGroups, typeOf, record.properties)) return undefined;
  const amount = measured(definition.measure, record);
  const keys = inOrder(definition.groupBy).map((group) => keyOf(group, definition, record, firstOwner));
  if (amount === undefined || keys.includes(undefined)) return undefined;
  return { cell: cellOf(keys as string[]), amount };
}

/** The date that a report has its buckets of. */
export const dateOf = ({ definition }: Pick<Report, 'definition'>) =>
  definition.groupBy.find((group) => 'date' in group);

/** The date first: a range of dates is then one range of keys. */
export const inOrder = (groupBy: readonly GroupBy[]): GroupBy[] => [
  ...groupBy.filter((group) => 'date' in group),
  ...groupBy.filter((group) => !('date' in group)),
];

function measured({ type, property }: Report['definition']['measure'], { properties }: CrmRecord): Amount | undefined {
  if (type === 'COUNT') return nothing;
  if (!isScoreMeasure(type)) return amountOf(properties[property ?? '']);
  const score = properties.hs_survey_type === type ? readScore(type, properties.hs_value) : undefined;
  return score === undefined ? undefined : { whole: worthOf(type, score), micro: 0 };
}

function keyOf(
  group: GroupBy,
  { timeZone, weekStart, ownerAt }: Report['definition'],
  { properties }: CrmRecord,
  firstOwner: string | undefined,
): string | undefined {
  if ('date' in group) {
    const day = dayOfValue(properties[group.date] ?? '', timeZone);
    return day === undefined ? undefined : bucketOf(day, { unit: group.unit, weekStart });
  }
  const atCreation = group.property === ownerProperty && ownerAt === 'creation';
  return groupValue(atCreation ? firstOwner : properties[group.property]);
}

/** Whether an event may move its record in a report. `changed` is undefined for events that are no change of properties. */
export const concerns = ({ moves }: Pick<Report, 'moves'>, changed: readonly string[] | undefined): boolean =>
  changed === undefined || moves.includes('*') || changed.some((name) => moves.includes(name));
