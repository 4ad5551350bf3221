import { subscribe } from '../../lib/core/consume.ts';
import { refreshContact } from '../../lib/tracking/refresh.ts';
import { trackingWorkers } from './operations.ts';

/** A merge and its undoing are told in the logs of both records: each is looked at; the one that was merged leads to the other. */
export const handler = subscribe(trackingWorkers.followMerge.id, ({ detail }, app) =>
  refreshContact(app, detail.recordId),
);
