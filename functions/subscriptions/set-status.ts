import { handle } from '../../lib/core/handle.ts';
import { setStatus } from '../../lib/subscriptions/v4.ts';
import { actionAnswer } from '../../lib/subscriptions/v4-batch.ts';
import { subscriptions } from './operations.ts';

export const handler = handle(subscriptions.setStatus, ({ path, body }, app) =>
  actionAnswer(app, async () => [await setStatus(app, path.subscriberIdString, body)]),
);
