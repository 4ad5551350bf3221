import * as z from 'zod/mini';
import { FilterOperation } from './operation.ts';
import { RefineBy } from './refine.ts';

const refineBy = z.optional(z.nullable(RefineBy));
const refinement = { coalescingRefineBy: refineBy, pruningRefineBy: refineBy };
const text = z.string().check(z.minLength(1));
const filledOut = z.enum(['FILLED_OUT', 'NOT_FILLED_OUT']);

const property = z.looseObject({ filterType: z.literal('PROPERTY'), property: text, operation: FilterOperation });
const inList = z.looseObject({
  filterType: z.literal('IN_LIST'),
  listId: text,
  operator: z.enum(['IN_LIST', 'NOT_IN_LIST']),
  metadata: z.optional(z.nullable(z.looseObject({ id: z.string(), inListType: z.string() }))),
});
const formSubmission = z.looseObject({
  filterType: z.literal('FORM_SUBMISSION'),
  /** Any form when absent. */
  formId: z.optional(z.nullable(z.string())),
  operator: filledOut,
  ...refinement,
});
const emailEvent = z.looseObject({
  filterType: z.literal('EMAIL_EVENT'),
  operator: z.enum([
    'LINK_CLICKED',
    'MARKED_SPAM',
    'OPENED',
    'OPENED_BUT_LINK_NOT_CLICKED',
    'OPENED_BUT_NOT_REPLIED',
    'REPLIED',
    'UNSUBSCRIBED',
    'BOUNCED',
    'RECEIVED',
    'RECEIVED_BUT_NOT_OPENED',
    'SENT',
    'SENT_BUT_LINK_NOT_CLICKED',
    'SENT_BUT_NOT_RECEIVED',
  ]),
  /** The mail: the id of a bulk send, or of a survey. Any mail when it is empty. */
  emailId: z.optional(z.nullable(z.string())),
  appId: z.optional(z.nullable(z.string())),
  level: z.optional(z.nullable(z.string())),
  clickUrl: z.optional(z.nullable(z.string())),
  pruningRefineBy: refineBy,
});
const emailSubscription = z.looseObject({
  filterType: z.literal('EMAIL_SUBSCRIPTION'),
  subscriptionIds: z.array(z.string()).check(z.minLength(1)),
  acceptedStatuses: z.array(z.string()).check(z.minLength(1)),
  subscriptionType: z.optional(z.nullable(z.string())),
});
const communicationSubscription = z.looseObject({
  filterType: z.literal('COMMUNICATION_SUBSCRIPTION'),
  subscriptionIds: z.array(z.string()).check(z.minLength(1)),
  acceptedOptStates: z.array(z.string()).check(z.minLength(1)),
  channel: z.string(),
});
const survey = z.looseObject({ filterType: z.literal('SURVEY_MONKEY'), surveyId: text, operator: text });
const constant = z.looseObject({ filterType: z.literal('CONSTANT'), shouldAccept: z.boolean() });
const numAssociations = z.looseObject({
  filterType: z.literal('NUM_ASSOCIATIONS'),
  associationTypeId: z.int(),
  associationCategory: z.optional(z.string()),
  coalescingRefineBy: RefineBy,
});
const associationInList = z.looseObject({
  filterType: z.literal('ASSOCIATION'),
  listId: text,
  associationTypeId: z.int(),
  associationCategory: z.optional(z.string()),
  toObjectTypeId: z.optional(z.nullable(z.string())),
  operator: z.enum(['IN_LIST', 'NOT_IN_LIST']),
  coalescingRefineBy: refineBy,
});
/** What HubSpot's models have besides: about advertisements, page views, webinars …, of which nothing is known here. */
export const unknownHere = [
  'ADS_SEARCH',
  'ADS_TIME',
  'CAMPAIGN_INFLUENCED',
  'CTA',
  'EVENT',
  'FORM_SUBMISSION_ON_PAGE',
  'INTEGRATION_EVENT',
  'PAGE_VIEW',
  'PRIVACY',
  'PROPERTY_ASSOCIATION',
  'SURVEY_MONKEY_VALUE',
  'UNIFIED_EVENTS',
  'WEBINAR',
] as const;
const unknown = z.looseObject({ filterType: z.enum(unknownHere) });

export const Filter = z.discriminatedUnion('filterType', [
  property,
  inList,
  formSubmission,
  emailEvent,
  emailSubscription,
  communicationSubscription,
  survey,
  constant,
  numAssociations,
  associationInList,
  unknown,
]);
export type Filter = z.output<typeof Filter>;

const branchTypes = [
  'OR',
  'AND',
  'NOT_ALL',
  'NOT_ANY',
  'RESTRICTED',
  'UNIFIED_EVENTS',
  'PROPERTY_ASSOCIATION',
  'ASSOCIATION',
] as const;

/** HubSpot's tree of list filters. What a branch says besides is kept as it came. */
export type FilterBranch = {
  readonly filterBranchType: (typeof branchTypes)[number];
  readonly filterBranchOperator?: string | null | undefined;
  readonly filterBranches: readonly FilterBranch[];
  readonly filters: readonly Filter[];
  /** ASSOCIATION and PROPERTY_ASSOCIATION: the type of the records that the filters are about. */
  readonly objectTypeId?: string | null | undefined;
  readonly operator?: string | null | undefined;
  readonly associationTypeId?: number | null | undefined;
  readonly associationCategory?: string | null | undefined;
  /** PROPERTY_ASSOCIATION: the property that holds the id of the other record. */
  readonly propertyWithObjectId?: string | null | undefined;
  /** UNIFIED_EVENTS. */
  readonly eventTypeId?: string | null | undefined;
  readonly coalescingRefineBy?: RefineBy | null | undefined;
  readonly pruningRefineBy?: RefineBy | null | undefined;
  readonly [more: string]: unknown;
};

const words = z.optional(z.nullable(z.string()));
const Branch: z.ZodMiniType<FilterBranch> = z.looseObject({
  filterBranchType: z.enum(branchTypes),
  filterBranchOperator: words,
  filterBranches: z._default(z.array(z.lazy(() => Branch)), []),
  filters: z._default(z.array(Filter), []),
  objectTypeId: words,
  operator: words,
  associationTypeId: z.optional(z.nullable(z.int())),
  associationCategory: words,
  propertyWithObjectId: words,
  eventTypeId: words,
  ...refinement,
});

/** HubSpot's limits are 250 filters; no tree of its pages is deeper than five. */
const deepest = 10;

/** A filter branch as HubSpot's models allow it, at most ten branches deep. `checkFilterBranch` says whether it can be evaluated. */
export const FilterBranch = z.pipe(
  z
    .unknown()
    .check(z.refine((given) => !isDeeper(given, deepest), `has more than ${deepest} branches within each other`)),
  Branch,
);

function isDeeper(given: unknown, than: number): boolean {
  let level: unknown[] = [given];
  for (let depth = 0; depth < than && level.length > 0; depth += 1) {
    level = level.flatMap((branch) => {
      const inner = (branch as { filterBranches?: unknown } | null | undefined)?.filterBranches;
      return Array.isArray(inner) ? (inner as unknown[]) : [];
    });
  }
  return level.length > 0;
}
