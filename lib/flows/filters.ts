import * as z from 'zod/mini';
import { asksHistory, FilterOperation } from '../lists/filters/operation.ts';
import { propertyAnswer } from '../lists/filters/property.ts';

const PropertyFilter = z.object({
  filterType: z.literal('PROPERTY'),
  property: z.string().check(z.minLength(1)),
  operation: FilterOperation.check(
    z.refine((operation) => !asksHistory(operation), 'asks for earlier values, which workflows do not look at'),
  ),
});
const FormSubmissionFilter = z.object({
  filterType: z.literal('FORM_SUBMISSION'),
  /** Any form when absent. */
  formId: z.optional(z.string()),
  operator: z.enum(['FILLED_OUT', 'NOT_FILLED_OUT']),
});

export const Filter = z.discriminatedUnion('filterType', [PropertyFilter, FormSubmissionFilter]);
export type Filter = z.output<typeof Filter>;

/** HubSpot's tree of list filters: branches and filters joined by OR or AND. */
export type FilterBranch = {
  readonly filterBranchType: 'OR' | 'AND';
  readonly filterBranches: readonly FilterBranch[];
  readonly filters: readonly Filter[];
};
export const FilterBranch: z.ZodMiniType<FilterBranch> = z.object({
  filterBranchType: z.enum(['OR', 'AND']),
  filterBranches: z._default(z.array(z.lazy(() => FilterBranch)), []),
  filters: z._default(z.array(Filter), []),
});

/** What filters look at. */
export type FilterFacts = {
  readonly now: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly submittedForms: ReadonlySet<string>;
};

/** Whether the record meets the tree. A branch that holds nothing is met by no record when it is OR, by every one when it is AND. */
export function meetsBranch({ filterBranchType, filterBranches, filters }: FilterBranch, facts: FilterFacts): boolean {
  const answers = [
    ...filters.values().map((filter) => () => meetsFilter(filter, facts)),
    ...filterBranches.values().map((branch) => () => meetsBranch(branch, facts)),
  ];
  return filterBranchType === 'OR' ? answers.some((ask) => ask()) : answers.every((ask) => ask());
}

export function meetsFilter(filter: Filter, { now, properties, submittedForms }: FilterFacts): boolean {
  switch (filter.filterType) {
    case 'PROPERTY':
      return propertyAnswer(filter.property, filter.operation, { properties }, Date.parse(now)).met;
    case 'FORM_SUBMISSION': {
      const filled = filter.formId === undefined ? submittedForms.size > 0 : submittedForms.has(filter.formId);
      return filled === (filter.operator === 'FILLED_OUT');
    }
  }
}

/** Every filter of a tree. */
export const filtersOf = ({ filterBranches, filters }: FilterBranch): Filter[] => [
  ...filters,
  ...filterBranches.flatMap(filtersOf),
];
