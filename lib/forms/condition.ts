import type { DependentCondition } from './schema.ts';

type Test = (value: string, condition: DependentCondition) => boolean;

const lower = (text: string) => text.trim().toLowerCase();
const chosen = (value: string) => value.split(';').map(lower).filter(Boolean);
const wanted = ({ values, value }: DependentCondition) => (values.length > 0 ? values : [value]).map(lower);

/** Numbers and dates by size, everything else as text. */
function compare(left: string, right: string): number {
  const [a, b] = [Number(left), Number(right)];
  if (left !== '' && right !== '' && !Number.isNaN(a) && !Number.isNaN(b)) return a - b;
  return lower(left) < lower(right) ? -1 : Number(lower(left) > lower(right));
}

const within: Test = (value, { rangeStart, rangeEnd }) =>
  compare(value, rangeStart) >= 0 && compare(value, rangeEnd) <= 0;
const equalSets = (left: readonly string[], right: readonly string[]) =>
  left.length === right.length && left.every((each) => right.includes(each));

const tests: Readonly<Record<DependentCondition['operator'], Test>> = {
  eq: (value, condition) => lower(value) === lower(condition.value),
  neq: (value, condition) => lower(value) !== lower(condition.value),
  contains: (value, condition) => lower(value).includes(lower(condition.value)),
  doesnt_contain: (value, condition) => !lower(value).includes(lower(condition.value)),
  str_starts_with: (value, condition) => lower(value).startsWith(lower(condition.value)),
  str_ends_with: (value, condition) => lower(value).endsWith(lower(condition.value)),
  lt: (value, condition) => value !== '' && compare(value, condition.value) < 0,
  lte: (value, condition) => value !== '' && compare(value, condition.value) <= 0,
  gt: (value, condition) => value !== '' && compare(value, condition.value) > 0,
  gte: (value, condition) => value !== '' && compare(value, condition.value) >= 0,
  between: (value, condition) => value !== '' && within(value, condition),
  not_between: (value, condition) => value !== '' && !within(value, condition),
  set_any: (value, condition) => wanted(condition).some((each) => chosen(value).includes(each)),
  set_not_any: (value, condition) => !wanted(condition).some((each) => chosen(value).includes(each)),
  set_all: (value, condition) => wanted(condition).every((each) => chosen(value).includes(each)),
  set_not_all: (value, condition) => !wanted(condition).every((each) => chosen(value).includes(each)),
  set_eq: (value, condition) => equalSets(chosen(value), wanted(condition)),
  set_neq: (value, condition) => !equalSets(chosen(value), wanted(condition)),
  is_not_empty: (value) => value !== '',
};

/** Whether what the visitor chose (`''` = nothing) brings up the dependent field. */
export const isMet = (condition: DependentCondition, value: string): boolean =>
  tests[condition.operator](value, condition);
