import type { SearchFilter } from '../../../lib/objects/filter.ts';
import type { CrmRecord } from '../../../lib/objects/record.ts';

/** What a test knows of a record: the record, and the contacts that it is associated with. */
export type Known = { readonly record: CrmRecord; readonly contacts: ReadonlySet<string>; archived: boolean };
type Value = string | number;

/** The types of the test's properties, by their first letter. */
function comparedOf(name: string, text: string): Value {
  if (name.startsWith('number')) return Number(text);
  if (name.startsWith('time')) return /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (name.startsWith('day') || name.startsWith('option') || name.startsWith('ticks') || name.startsWith('flag'))
    return text;
  return text.normalize('NFKC').toLowerCase();
}

const compare = (one: Value, other: Value) =>
  typeof one === 'string' && typeof other === 'string'
    ? Buffer.compare(Buffer.from(one), Buffer.from(other))
    : Number(one) - Number(other);

/** Written anew, as simply as can be, to be compared with the search. */
function meets(known: Known, filter: SearchFilter): boolean {
  const { propertyName, operator, value, highValue, values = [] } = filter;
  if (operator.startsWith('NOT_') || operator === 'NEQ') {
    const positive = operator === 'NEQ' ? 'EQ' : (operator.slice(4) as SearchFilter['operator']);
    return !meets(known, { ...filter, operator: positive });
  }
  if (propertyName.startsWith('associations.')) {
    if (operator === 'HAS_PROPERTY') return known.contacts.size > 0;
    return [value, ...values].some((id) => known.contacts.has(String(id)));
  }
  const stored = known.record.properties[propertyName] ?? '';
  if (stored === '') return false;
  const own = comparedOf(propertyName, stored);
  const against = (other: unknown) => compare(own, comparedOf(propertyName, String(other)));
  const same = (other: unknown) =>
    against(other) === 0 || (propertyName === 'ticks' && stored.split(';').includes(String(other)));
  switch (operator) {
    case 'EQ':
      return same(value);
    case 'IN':
      return values.some(same);
    case 'LT':
      return against(value) < 0;
    case 'LTE':
      return against(value) <= 0;
    case 'GT':
      return against(value) > 0;
    case 'GTE':
      return against(value) >= 0;
    case 'BETWEEN':
      return against(value) >= 0 && against(highValue) <= 0;
    case 'CONTAINS_TOKEN':
      return holdsToken(String(own), String(value).toLowerCase());
    default:
      return true;
  }
}

/** The tests ask for a beginning (`abc*`), or for a run of Japanese letters. */
const holdsToken = (text: string, token: string) =>
  token.endsWith('*')
    ? [text, ...text.split(/\s+/)].some((word) => word.startsWith(token.slice(0, -1)))
    : text.includes(token);

/** The ids that a search must answer, in order. */
export function naive(
  all: readonly Known[],
  { groups, sort }: { groups: readonly (readonly SearchFilter[])[]; sort?: { name: string; descending: boolean } },
): string[] {
  const found = all.filter(
    (known) =>
      !known.archived && (groups.length === 0 || groups.some((group) => group.every((each) => meets(known, each)))),
  );
  const keyOf = ({ record }: Known): Value | undefined => {
    const stored = sort && record.properties[sort.name];
    return sort && stored ? comparedOf(sort.name, stored) : undefined;
  };
  const byId = (one: Known, other: Known) => (one.record.id < other.record.id ? -1 : 1);
  return found
    .toSorted((one, other) => {
      const [a, b] = [keyOf(one), keyOf(other)];
      if (a === undefined || b === undefined) return a !== undefined ? -1 : b !== undefined ? 1 : byId(one, other);
      const upwards = compare(a, b) || byId(one, other);
      return sort?.descending ? -upwards : upwards;
    })
    .map(({ record }) => record.id);
}
