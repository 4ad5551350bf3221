import { isIndexed, type Records } from '../records.ts';
import type { SObject } from '../sobject.ts';
import type { Bound } from './bind.ts';

const earliest = '0';
const latest = '9999';

/** Ids that hold every record which meets a condition, found without reading the others; undefined when all have to be read. */
export function candidates(condition: Bound, type: SObject, records: Records): ReadonlySet<string> | undefined {
  switch (condition.kind) {
    case 'and':
      return narrowest(condition.parts, type, records);
    case 'or': {
      const sets = condition.parts.map((part) => candidates(part, type, records));
      return sets.every((set) => set !== undefined) ? new Set(sets.flatMap((set) => [...set])) : undefined;
    }
    case 'in':
      return condition.negated ? undefined : equals(condition, condition.values, type, records);
    case 'compare':
      if (condition.operator === '=') return equals(condition, [condition.value], type, records);
      return changed([condition], type, records);
    default:
      return undefined;
  }
}

function narrowest(parts: readonly Bound[], type: SObject, records: Records): ReadonlySet<string> | undefined {
  const stamps = parts.filter((part) => part.kind === 'compare' && isStamp(part));
  const others = parts.filter((part) => !stamps.includes(part));
  const sets = [
    ...others.map((part) => candidates(part, type, records)),
    changed(stamps as Comparison[], type, records),
  ].filter((set) => set !== undefined);
  return sets.toSorted((a, b) => a.size - b.size)[0];
}

type Comparison = Extract<Bound, { kind: 'compare' }>;

const isStamp = ({ path, operator, value }: Comparison): boolean =>
  path.references.length === 0 && path.field.name === 'SystemModstamp' && operator !== '!=' && value !== null;

function changed(bounds: readonly Comparison[], type: SObject, records: Records): ReadonlySet<string> | undefined {
  const stamps = bounds.filter(isStamp);
  if (stamps.length === 0) return undefined;
  let [from, to] = [earliest, latest];
  for (const { operator, value } of stamps) {
    const stamp = String(value);
    if (operator !== '<' && operator !== '<=' && stamp > from) from = stamp;
    if (operator !== '>' && operator !== '>=' && stamp < to) to = stamp;
  }
  return new Set(records.idsChanged(type, from, to));
}

function equals(
  { path: { references, field } }: Extract<Bound, { path: unknown }>,
  values: readonly unknown[],
  type: SObject,
  records: Records,
): ReadonlySet<string> | undefined {
  const texts = values.filter((value) => typeof value === 'string');
  if (references.length > 0 || texts.length < values.length) return undefined;
  if (field.name === 'Id') return new Set(texts);
  if (field.name === 'SystemModstamp') return new Set(texts.flatMap((stamp) => records.idsChanged(type, stamp, stamp)));
  if (!isIndexed(type, field.name)) return undefined;
  return new Set(texts.flatMap((text) => records.idsWith(type, field.name, text)));
}
