import * as z from 'zod/mini';
import type { Delivered } from '../../events/define.ts';
import { FormSubmitted } from '../../events/form.ts';
import { RecordCreated } from '../../events/record.ts';
import { changesOf, eventTypes, type Happening, hubspotEvents } from '../lists/filters/unified-events.ts';
import {
  type Filter,
  FilterBranch,
  type FilterFacts,
  Filter as FilterSchema,
  filtersOf,
  meetsBranch,
  meetsFilter,
} from './filters.ts';

const EventBranch = z.object({
  eventTypeId: z.enum([eventTypes.formSubmission, eventTypes.propertyChanged, eventTypes.recordCreated]),
  operator: z.optional(z.literal('HAS_COMPLETED')),
  filterBranches: z._default(z.array(FilterBranch), []),
  filters: z._default(z.array(FilterSchema), []),
});
type EventBranch = z.output<typeof EventBranch>;

const shouldReEnroll = z._default(z.boolean(), false);
const noLists = z._default(z.array(z.unknown()).check(z.maxLength(0, 'memberships of lists cannot enrol')), []);

const EventBased = z.object({
  type: z.literal('EVENT_BASED'),
  shouldReEnroll,
  eventFilterBranches: z.array(EventBranch).check(z.minLength(1)),
  listMembershipFilterBranches: noLists,
  /** What the record must be besides. */
  refinementCriteria: z.optional(z.nullable(FilterBranch)),
});
const ListBased = z.object({
  type: z.literal('LIST_BASED'),
  shouldReEnroll,
  listFilterBranch: FilterBranch,
  reEnrollmentTriggersFilterBranches: z._default(z.array(FilterBranch), []),
});
const Manual = z.object({ type: z.literal('MANUAL'), shouldReEnroll });

/** When a record enters a flow. */
export const EnrollmentCriteria = z.discriminatedUnion(
  'type',
  [EventBased, ListBased, Manual],
  'must be EVENT_BASED, LIST_BASED or MANUAL',
);
export type EnrollmentCriteria = z.output<typeof EnrollmentCriteria>;

export function happeningOf({ 'detail-type': type, detail }: Delivered): Happening {
  const changes = changesOf(detail);
  return type === FormSubmitted.type ? { type, changes, form: FormSubmitted.schema.parse(detail) } : { type, changes };
}

/** `once`: unless the record was ever enrolled; `again`: in any case. */
export type Enrolment = 'no' | 'once' | 'again';

/** Whether the event brings the record into the flow. `facts` are of the record as it is now. */
export function enrolment(criteria: EnrollmentCriteria, happening: Happening, facts: FilterFacts): Enrolment {
  switch (criteria.type) {
    case 'MANUAL':
      return 'no';
    case 'EVENT_BASED': {
      const refined = !criteria.refinementCriteria || meetsBranch(criteria.refinementCriteria, facts);
      const happened = criteria.eventFilterBranches.some((branch) => isMetBy(branch, happening, facts));
      if (!happened || !refined) return 'no';
      return criteria.shouldReEnroll ? 'again' : 'once';
    }
    case 'LIST_BASED':
      if (!meetsBranch(criteria.listFilterBranch, facts)) return 'no';
      return criteria.shouldReEnroll && isMetAnew(criteria, happening, facts) ? 'again' : 'once';
  }
}

/** Which reads the criteria need beside the event. */
export function criteriaWant(criteria: EnrollmentCriteria): { record: boolean; submittedForms: boolean } {
  const branches = branchesOf(criteria);
  const filters = branches.flatMap(filtersOf);
  return {
    record: branches.length > 0,
    submittedForms: filters.some(({ filterType }) => filterType === 'FORM_SUBMISSION'),
  };
}

const branchesOf = (criteria: EnrollmentCriteria): FilterBranch[] => {
  switch (criteria.type) {
    case 'MANUAL':
      return [];
    case 'EVENT_BASED':
      return criteria.refinementCriteria ? [criteria.refinementCriteria] : [];
    case 'LIST_BASED':
      return [criteria.listFilterBranch];
  }
};

function isMetBy(
  { eventTypeId, filters, filterBranches }: EventBranch,
  happening: Happening,
  facts: FilterFacts,
): boolean {
  return hubspotEvents(happening)
    .filter((event) => event.eventTypeId === eventTypeId)
    .some(({ properties }) => {
      const of = { ...facts, properties };
      return (
        filters.every((filter) => meetsFilter(filter, of)) && filterBranches.every((branch) => meetsBranch(branch, of))
      );
    });
}

/** Whether this event made the record meet the criteria, or is one of the named reasons to enrol it again. */
function isMetAnew(
  criteria: Extract<EnrollmentCriteria, { type: 'LIST_BASED' }>,
  happening: Happening,
  facts: FilterFacts,
): boolean {
  const { listFilterBranch, reEnrollmentTriggersFilterBranches: triggers } = criteria;
  if (happening.form)
    return [listFilterBranch, ...triggers].flatMap(filtersOf).some((filter) => asksFor(filter, happening.form?.formId));
  if (triggers.length > 0) return triggers.some((trigger) => isTrigger(trigger, happening, facts));
  const before = Object.entries(happening.changes).map(([name, [from]]): [string, string] => [name, from ?? '']);
  const properties = { ...facts.properties, ...Object.fromEntries(before) };
  return happening.type === RecordCreated.type || !meetsBranch(listFilterBranch, { ...facts, properties });
}

const asksFor = (filter: Filter, formId: string | undefined) =>
  filter.filterType === 'FORM_SUBMISSION' && (filter.formId === undefined || filter.formId === formId);

/** HubSpot writes triggers either as a change event (`hs_name`, `hs_value`) or as filters on properties, one of which changed. */
function isTrigger(trigger: FilterBranch, happening: Happening, facts: FilterFacts): boolean {
  const names = filtersOf(trigger).flatMap((filter) => (filter.filterType === 'PROPERTY' ? [filter.property] : []));
  if (names.includes('hs_name')) {
    return hubspotEvents(happening).some(({ properties }) => meetsBranch(trigger, { ...facts, properties }));
  }
  return names.some((name) => name in happening.changes) && meetsBranch(trigger, facts);
}
