import * as z from 'zod/mini';
import type { PropertyDefinition } from './definition.ts';
import { foldCase } from './index-value.ts';
import { readDatetime, readDay } from './moment.ts';

/** What a filter must know of a property. */
export type Compared = Pick<PropertyDefinition, 'type' | 'fieldType'>;
type Properties = Readonly<Record<string, string | undefined>>;

const scalar = z.union([z.string(), z.number(), z.boolean()], 'must be a text, a number or a boolean');

const operators = [
  'EQ',
  'NEQ',
  'LT',
  'LTE',
  'GT',
  'GTE',
  'BETWEEN',
  'IN',
  'NOT_IN',
  'HAS_PROPERTY',
  'NOT_HAS_PROPERTY',
  'CONTAINS_TOKEN',
  'NOT_CONTAINS_TOKEN',
] as const;

/** One condition on a property, as HubSpot's search has it. */
export const SearchFilter = z.strictObject({
  propertyName: z.string().check(z.minLength(1)),
  operator: z.enum(operators),
  value: z.optional(scalar),
  /** The upper bound of BETWEEN. */
  highValue: z.optional(scalar),
  values: z.optional(z.array(scalar).check(z.minLength(1), z.maxLength(100))),
});
export type SearchFilter = z.output<typeof SearchFilter>;

/** HubSpot's limits: 5 groups with 6 filters each. A record passes when it meets all filters of one group. */
export const FilterGroups = z
  .array(z.strictObject({ filters: z.array(SearchFilter).check(z.minLength(1), z.maxLength(6)) }))
  .check(z.maxLength(5));
export type FilterGroups = z.output<typeof FilterGroups>;

/** The names of all properties that the groups look at. */
export const filteredProperties = (groups: FilterGroups): string[] => [
  ...new Set(groups.flatMap(({ filters }) => filters.map(({ propertyName }) => propertyName))),
];

/** Whether a record with these values passes: all filters of one group hold, or there is no group. */
export const passesFilters = (
  groups: FilterGroups,
  typeOf: (name: string) => Compared | undefined,
  properties: Properties,
): boolean =>
  groups.length === 0 ||
  groups.some(({ filters }) =>
    filters.every((filter) => meetsFilter(filter, typeOf(filter.propertyName), properties[filter.propertyName])),
  );

/** What is wrong with a filter on this property; undefined when it can be evaluated. */
export function filterProblem(filter: SearchFilter, property: Compared | undefined): string | undefined {
  const { propertyName, operator, value, highValue, values } = filter;
  if (!property) return `There is no property ${propertyName}`;
  const given = operandsOf(filter);
  if (given === undefined) {
    const needed = operator === 'BETWEEN' ? 'value and highValue' : operator.endsWith('IN') ? 'values' : 'value';
    return `${operator} on ${propertyName} needs ${needed}`;
  }
  const unused = [value, highValue, values].filter((each) => each !== undefined).flat().length > given.length;
  if (unused) return `${operator} on ${propertyName} was given a value that it does not take`;
  const bad = given.find((each) => comparable(property, each) === undefined && !operator.includes('TOKEN'));
  return bad === undefined ? undefined : `${bad} cannot be compared with ${propertyName}, which is a ${property.type}`;
}

/** The values that the operator takes, as text; undefined when one is missing. */
function operandsOf({ operator, value, highValue, values }: SearchFilter): string[] | undefined {
  const known = (...parts: readonly (string | number | boolean | undefined)[]) =>
    parts.includes(undefined) ? undefined : parts.map(String);
  switch (operator) {
    case 'HAS_PROPERTY':
    case 'NOT_HAS_PROPERTY':
      return [];
    case 'IN':
    case 'NOT_IN':
      return values?.map(String);
    case 'BETWEEN':
      return known(value, highValue);
    default:
      return known(value);
  }
}

/** A record without a value meets NOT_HAS_PROPERTY and the negations (NEQ, NOT_IN, NOT_CONTAINS_TOKEN), and nothing else. */
function meetsFilter(filter: SearchFilter, property: Compared | undefined, stored: string | undefined): boolean {
  const { operator } = filter;
  const isSet = stored !== undefined && stored !== '';
  if (operator === 'HAS_PROPERTY') return isSet;
  if (operator === 'NOT_HAS_PROPERTY') return !isSet;
  if (!property) return false;
  if (!isSet) return operator.startsWith('N');
  const [first = '', second = ''] = operandsOf(filter) ?? [];
  switch (operator) {
    case 'EQ':
      return equals(property, stored, first);
    case 'NEQ':
      return !equals(property, stored, first);
    case 'IN':
      return (operandsOf(filter) ?? []).some((each) => equals(property, stored, each));
    case 'NOT_IN':
      return !(operandsOf(filter) ?? []).some((each) => equals(property, stored, each));
    case 'LT':
      return order(property, stored, first) < 0;
    case 'LTE':
      return order(property, stored, first) <= 0;
    case 'GT':
      return order(property, stored, first) > 0;
    case 'GTE':
      return order(property, stored, first) >= 0;
    case 'BETWEEN':
      return order(property, stored, first) >= 0 && order(property, stored, second) <= 0;
    case 'CONTAINS_TOKEN':
      return containsToken(stored, first);
    case 'NOT_CONTAINS_TOKEN':
      return !containsToken(stored, first);
  }
}

/** Values of one type compare by `<`; the rules are those of index rows: options by letter case, other texts without it. */
function comparable({ type }: Compared, value: string): string | number | undefined {
  const text = value.normalize('NFKC').trim();
  switch (type) {
    case 'number':
      return text === '' || Number.isNaN(Number(text)) ? undefined : Number(text);
    case 'date':
      return dayOf(text);
    case 'datetime': {
      const time = readDatetime(text);
      return time === undefined ? undefined : Date.parse(time);
    }
    case 'enumeration':
    case 'bool':
      return value;
    default:
      return foldCase(value);
  }
}

function dayOf(text: string): string | undefined {
  const read = readDay(text);
  return read && 'day' in read ? read.day : readDatetime(text)?.slice(0, 10);
}

/** Of several ticks, one is enough. */
function equals(property: Compared, stored: string, wanted: string): boolean {
  const one = comparable(property, stored);
  const other = comparable(property, wanted);
  if (one !== undefined && one === other) return true;
  return property.fieldType === 'checkbox' && stored.split(';').includes(wanted);
}

/** Texts by their UTF-8 bytes, as index rows stand. NaN, which is neither below nor above, when one of the two is no value of the type. */
function order(property: Compared, stored: string, wanted: string): number {
  const one = comparable(property, stored);
  const other = comparable(property, wanted);
  if (one === undefined || other === undefined) return Number.NaN;
  if (typeof one === 'string' && typeof other === 'string') return Buffer.compare(Buffer.from(one), Buffer.from(other));
  return one < other ? -1 : one > other ? 1 : 0;
}

/** A wanted value in the spelling in which a record would hold it; undefined when it is no value of the type. */
export function comparedValue(property: Compared, wanted: string): string | undefined {
  const value = comparable(property, wanted);
  if (value === undefined) return undefined;
  if (typeof value === 'string') return property.type === 'date' ? value : wanted;
  return property.type === 'datetime' ? new Date(value).toISOString() : String(value);
}

const noSpaces = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** `*` stands for anything. Without it a word must be there as a whole, or, in Japanese, which has no spaces, the letters. */
function containsToken(stored: string, wanted: string): boolean {
  const text = foldCase(stored);
  const token = foldCase(wanted).trim();
  if (token === '') return false;
  const words = text.split(/[\s,;、。]+/);
  if (token.includes('*')) return [text, ...words].some((word) => wildcard(token, word));
  if (noSpaces.test(token)) return text.includes(token);
  return [...words, ...text.split(/[^\p{L}\p{N}]+/u)].includes(token);
}

/** Whether the text is the pattern's pieces in their order, with anything between them. */
function wildcard(pattern: string, text: string): boolean {
  const pieces = pattern.split('*');
  const last = pieces.length - 1;
  let at = 0;
  for (const [position, piece] of pieces.entries()) {
    const found = position === last ? Math.max(at, text.length - piece.length) : text.indexOf(piece, at);
    const fits = found >= 0 && text.startsWith(piece, found) && (position > 0 || found === 0);
    if (!fits) return false;
    at = found + piece.length;
  }
  return true;
}
