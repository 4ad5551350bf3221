import { FormSubmitted } from '../../../events/form.ts';
import { SurveyAnswered } from '../../../events/survey.ts';
import { choiceBarrier } from '../../subscriptions/choices.ts';
import { type Answer, all, always, any, not } from './answer.ts';
import { associatedTypeOf } from './associated-type.ts';
import { mailTimes } from './mail-events.ts';
import { propertyAnswer, type Version } from './property.ts';
import { occurred } from './refine.ts';
import type { Filter, FilterBranch } from './schema.ts';
import { changesOf, type FormFacts, hubspotEvents } from './unified-events.ts';
import type { Happened, View } from './view.ts';

/**
 * Whether a record meets the branch at `now` (milliseconds), and until when that stays so if nothing but time passes. Pure: the same view
 * gives the same answer. An OR of nothing is met by no record, an AND of nothing by every one.
 */
export function evaluate(branch: FilterBranch, view: View, now: number): Answer {
  switch (branch.filterBranchType) {
    case 'UNIFIED_EVENTS':
      return eventsAnswer(branch, view, now);
    case 'ASSOCIATION':
      return associationAnswer(branch, view, now);
    case 'PROPERTY_ASSOCIATION': {
      const referenced = view.referenced.get(branch.propertyWithObjectId ?? '');
      return negated(branch, referenced ? inner(branch, referenced, now) : always(false));
    }
    case 'OR':
      return any(parts(branch, view, now));
    case 'NOT_ALL':
      return not(all(parts(branch, view, now)));
    case 'NOT_ANY':
      return not(any(parts(branch, view, now)));
    default:
      return all(parts(branch, view, now));
  }
}

const parts = ({ filters, filterBranches }: FilterBranch, view: View, now: number): Answer[] => [
  ...filters.map((filter) => filterAnswer(filter, view, now)),
  ...filterBranches.map((branch) => evaluate(branch, view, now)),
];

/** What a branch about another record asks of it. */
const inner = (branch: FilterBranch, view: View, now: number): Answer =>
  branch.filterBranchOperator === 'OR' ? any(parts(branch, view, now)) : all(parts(branch, view, now));

const negated = ({ operator }: { readonly operator?: string | null | undefined }, answer: Answer): Answer =>
  operator?.startsWith('NOT_') ? not(answer) : answer;

function associationAnswer(branch: FilterBranch, view: View, now: number): Answer {
  const { objectTypeId, associationTypeId } = branch;
  const others = (view.associated.get(objectTypeId ?? '') ?? []).filter(
    ({ typeIds }) => associationTypeId == null || typeIds.includes(associationTypeId),
  );
  return negated(branch, any(others.map((other) => inner(branch, other.view, now))));
}

function eventsAnswer(branch: FilterBranch, view: View, now: number): Answer {
  const times = view.log.flatMap((happened) =>
    inHubSpotsWords(happened)
      .filter(({ eventTypeId }) => eventTypeId === branch.eventTypeId)
      .filter(({ properties }) => inner(branch, { ...view, properties }, now).met)
      .map(() => happened.at),
  );
  const answer = occurred(times, branch, now);
  return branch.operator === 'HAS_NOT_COMPLETED' ? not(answer) : answer;
}

function inHubSpotsWords({ type, detail }: Happened) {
  const form = type === FormSubmitted.type ? { form: detail as unknown as FormFacts } : {};
  return hubspotEvents({ type, changes: changesOf(detail), ...form });
}

function filterAnswer(filter: Filter, view: View, now: number): Answer {
  switch (filter.filterType) {
    case 'PROPERTY': {
      const versions = (property: string) => versionsOf(view, property);
      return propertyAnswer(filter.property, filter.operation, { properties: view.properties, versions }, now);
    }
    case 'IN_LIST':
      return negated(filter, always(view.lists.has(filter.listId)));
    case 'FORM_SUBMISSION': {
      const { formId } = filter;
      const times = timesOf(view, FormSubmitted.type, (detail) => !formId || detail.formId === formId);
      return negated(filter, occurred(times, filter, now));
    }
    case 'SURVEY_MONKEY': {
      const times = timesOf(view, SurveyAnswered.type, ({ surveyId }) => surveyId === filter.surveyId);
      return filter.operator.includes('NOT_') ? not(occurred(times, {}, now)) : occurred(times, {}, now);
    }
    case 'EMAIL_EVENT':
      return occurred(mailTimes(filter, view.log), filter, now);
    case 'EMAIL_SUBSCRIPTION':
      return subscriptionAnswer(filter.subscriptionIds, filter.acceptedStatuses, view);
    case 'COMMUNICATION_SUBSCRIPTION':
      return subscriptionAnswer(filter.subscriptionIds, filter.acceptedOptStates, view);
    case 'CONSTANT':
      return always(filter.shouldAccept);
    case 'NUM_ASSOCIATIONS':
    case 'ASSOCIATION':
      return associationFilterAnswer(filter, view, now);
    default:
      return always(false);
  }
}

type AssociationFilter = Extract<Filter, { filterType: 'NUM_ASSOCIATIONS' | 'ASSOCIATION' }>;

function associationFilterAnswer(filter: AssociationFilter, view: View, now: number): Answer {
  const others = view.associated.get(associatedTypeOf(filter, view.objectType) ?? '') ?? [];
  const found = others
    .filter(({ typeIds }) => typeIds.includes(filter.associationTypeId))
    .filter((other) => filter.filterType === 'NUM_ASSOCIATIONS' || other.view.lists.has(filter.listId));
  const { coalescingRefineBy } = filter;
  const answer = occurred(
    found.map(() => now),
    { coalescingRefineBy },
    now,
  );
  return filter.filterType === 'ASSOCIATION' ? negated(filter, answer) : answer;
}

const timesOf = ({ log }: View, type: string, fits: (detail: Happened['detail']) => boolean): number[] =>
  log.filter((happened) => happened.type === type && fits(happened.detail)).map(({ at }) => at);

function versionsOf({ log }: View, property: string): Version[] {
  return log.flatMap(({ at, detail }) => {
    const change = changesOf(detail)[property];
    return change ? [{ value: change[1] ?? '', at }] : [];
  });
}

const optedOut = ['OPT_OUT', 'OPTED_OUT', 'NOT_SUBSCRIBED', 'UNSUBSCRIBED'];

/**
 * One of the kinds is enough. Who chose nothing gets every kind that asks for no yes: they count as opted in, and as not opted as well.
 * Of a kind that asks for one they are not opted, and so are those whose second yes is due.
 */
function subscriptionAnswer(ids: readonly string[], accepted: readonly string[], view: View): Answer {
  const { subscription, optIns } = view;
  const fits = (id: string) => {
    const barrier = choiceBarrier(subscription, { id, optIn: optIns?.get(id) ?? 'NONE' });
    if (barrier === 'NOT_OPTED_IN') return accepted.includes('NOT_OPTED');
    if (barrier) return accepted.some((status) => optedOut.includes(status));
    const chosen = subscription?.types[id] !== undefined;
    return accepted.some((status) => !optedOut.includes(status) && (chosen ? status !== 'NOT_OPTED' : true));
  };
  return always(ids.some(fits));
}
