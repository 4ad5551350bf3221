import { eventSource } from './catalogue.ts';
import { MessageQueued } from './conversation.ts';
import { FormSubmitted } from './form.ts';
import { ListMemberAdded } from './list.ts';
import {
  RecordArchived,
  RecordCreated,
  RecordMerged,
  RecordRestored,
  RecordUnmerged,
  RecordUpdated,
} from './record.ts';

/** One rule: events that match `pattern` go to the worker's queue. `bus` is ours, or the account's default one (AWS's own events). */
export type Subscription = {
  readonly name: string;
  readonly worker: string;
  readonly bus: 'tsunagi' | 'default';
  readonly pattern: Readonly<Record<string, unknown>>;
};

const on = (event: { readonly type: string }, ...workers: readonly string[]): Subscription[] =>
  workers.map((worker) => ({
    name: `${event.type} to ${worker}`,
    worker,
    bus: 'tsunagi',
    pattern: { source: [eventSource], 'detail-type': [event.type] },
  }));

/** Changes of contacts, but for those that the sync itself made. */
const ofContacts = (subscription: Subscription): Subscription => ({
  ...subscription,
  pattern: {
    ...subscription.pattern,
    detail: { objectType: ['0-1'], actor: { kind: [{ 'anything-but': ['salesforce'] }] } },
  },
});

/** Deals that are through an agency, or whose agency has a name, by this event. */
const ofAgencyDeals = (subscription: Subscription): Subscription => ({
  ...subscription,
  pattern: {
    ...subscription.pattern,
    detail: {
      objectType: ['0-3'],
      $or: [{ changes: { via_agency: [{ exists: true }] } }, { changes: { agency_name: [{ exists: true }] } }],
    },
  },
});

/** Tickets that were closed, or reopened. */
const ofTicketClosings = (subscription: Subscription): Subscription => ({
  ...subscription,
  pattern: {
    ...subscription.pattern,
    detail: { objectType: ['0-5'], changes: { hs_is_closed: [{ exists: true }] } },
  },
});

const ofContactMerges = (subscription: Subscription): Subscription => ({
  ...subscription,
  pattern: { ...subscription.pattern, detail: { objectType: ['0-1'] } },
});

/** The fan-out on one screen: event → workers. */
export const subscriptions: readonly Subscription[] = [
  ...on(RecordCreated, 'flows/enroll'),
  ...on(RecordUpdated, 'flows/enroll'),
  ...on(RecordArchived, 'associations/detach'),
  ...[RecordCreated, RecordUpdated].flatMap((event) => on(event, 'associations/agency')).map(ofAgencyDeals),
  ...on(RecordUpdated, 'campaigns/notice').map(ofTicketClosings),
  ...[RecordMerged, RecordUnmerged].flatMap((event) => on(event, 'tracking/follow-merge')).map(ofContactMerges),
  ...on(FormSubmitted, 'flows/enroll', 'tracking/link-visitor', 'forms/notify'),
  ...[RecordCreated, RecordUpdated, RecordRestored, RecordMerged, RecordUnmerged, FormSubmitted, ListMemberAdded]
    .flatMap((event) => on(event, 'salesforce/mark'))
    .map(ofContacts),
  ...on(MessageQueued, 'conversations/send'),
  {
    name: 'mail to conversations/receive',
    worker: 'conversations/receive',
    bus: 'default',
    pattern: {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { object: { key: [{ prefix: 'inbound/' }] } },
    },
  },
  { name: 'SES to emails/settle', worker: 'emails/settle', bus: 'default', pattern: { source: ['aws.ses'] } },
];
