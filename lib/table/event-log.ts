import type { Emitted } from '../../events/define.ts';
import { changeSetRowKey } from './change-set-keys.ts';
import { dayListing, eventKey } from './keys.ts';
import { orStale, type Step } from './steps.ts';
import type { Write } from './write.ts';

/**
 * The write that appends an event to its record's log. It belongs into the transaction of the change that it tells of: the log is
 * the outbox, so an event is published if and only if the change was made.
 */
export const appendEvent = ({ type, detail }: Emitted): Write => ({
  put: {
    ...eventKey({ objectType: detail.objectType, id: detail.recordId }, detail.id),
    gsi1pk: dayListing(detail.occurredAt),
    gsi1sk: detail.id,
    entity: 'event',
    type,
    detail,
  },
});

/** Appends an event of a change that can be undone: one that belongs to a change set also gets its row there. */
export function loggedSteps(event: Emitted): Step[] {
  const { changeSetId, id, objectType, recordId } = event.detail;
  const log = orStale(appendEvent(event));
  if (changeSetId === undefined) return [log];
  const row = { entity: 'change-set-row', eventId: id, type: event.type, objectType, recordId };
  return [log, orStale({ put: { ...changeSetRowKey(changeSetId, id), ...row } })];
}
