import { eventSource } from './catalogue.ts';
import { FormSubmitted } from './form.ts';
import { RecordArchived, RecordCreated, RecordUpdated } from './record.ts';

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

/** The fan-out on one screen: event → workers. */
export const subscriptions: readonly Subscription[] = [
  ...on(RecordCreated, 'flows/enroll'),
  ...on(RecordUpdated, 'flows/enroll'),
  ...on(RecordArchived, 'associations/detach'),
  ...on(FormSubmitted, 'flows/enroll'),
  { name: 'SES to emails/settle', worker: 'emails/settle', bus: 'default', pattern: { source: ['aws.ses'] } },
];
