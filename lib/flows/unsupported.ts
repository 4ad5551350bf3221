import type * as z from 'zod/mini';

type Issue = z.core.$ZodIssue;
type Path = readonly (string | number)[];

/** Settings of HubSpot's bodies that the engine does not carry out, by where they stand, and what they would do. */
const ofFlow = {
  timeWindows: 'actions only at some times of the week',
  blockedDates: 'no actions on some days',
  enrollmentSchedule: 'enrolment on a schedule',
  eventAnchor: 'delays that count from a date',
  goalFilterBranch: 'a goal that ends runs',
  suppressionFilterBranch: 'records that never enter',
  suppressionListIds: 'lists whose members never enter',
  canEnrollFromSalesforce: 'enrolment from Salesforce',
};
const ofCriteria = { unEnrollObjectsNotMeetingCriteria: 'ending the runs of records that meet the criteria no longer' };
const ofFilters = {
  pageId: 'submissions of one page alone',
  coalescingRefineBy: 'counting how often it happened',
  pruningRefineBy: 'looking at some time alone',
};
const ofWebhooks = { authSettings: 'signing in at the receiver', authConfig: 'signing in at the receiver' };
const anywhere = { ...ofCriteria, ...ofFilters, ...ofWebhooks };

/**
 * A flow that said more than it does would mislead whoever reads it, so what is not carried out is refused by name. Settings that are
 * off or empty, as they are in every body of HubSpot's, are taken.
 */
export function unsupportedIssues({
  actions,
  enrollmentCriteria,
  ...flow
}: Readonly<Record<string, unknown>>): Issue[] {
  return [
    ...refused(flow, ofFlow, []),
    ...unEnrolment(flow.unEnrollmentSetting),
    ...within(enrollmentCriteria, ['enrollmentCriteria']),
    ...within(actions, ['actions']),
  ];
}

const refused = (given: object, settings: Readonly<Record<string, string>>, path: Path): Issue[] =>
  Object.entries(given)
    .filter(([name, value]) => name in settings && !isOff(value))
    .map(([name]) => issue([...path, name], settings[name] ?? ''));

const issue = (path: Path, does: string): Issue => ({
  code: 'custom',
  path: [...path],
  message: `is not supported (${does}): leave it out or empty`,
  input: '',
});

function within(value: unknown, path: Path): Issue[] {
  if (value === null || typeof value !== 'object') return [];
  const own = Array.isArray(value) ? [] : refused(value, anywhere, path);
  const deeper = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [...own, ...deeper.flatMap(([name, each]) => within(each, [...path, name]))];
}

/** Nothing, or a shell around nothing: an empty list, a branch of filters without filters. */
function isOff(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return true;
  if (typeof value !== 'object') return false;
  return Object.entries(value).every(([name, each]) =>
    name.startsWith('filterBranch') ? isOff(each) || typeof each === 'string' : isOff(each),
  );
}

/** `SELECTIVE` of no flows is HubSpot's way to say never. */
function unEnrolment(setting: unknown): Issue[] {
  if (setting === null || typeof setting !== 'object') return [];
  const { type, ...rest } = setting as { type?: unknown };
  const isNever = type !== 'ALL' && isOff(rest);
  return isNever ? [] : [issue(['unEnrollmentSetting'], 'ending runs when the record enters another flow')];
}
