import type { Emitted } from '../../events/define.ts';
import { dayListing, eventKey } from './keys.ts';
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
