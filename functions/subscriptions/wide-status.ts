import { handle } from '../../lib/core/handle.ts';
import { wideStatusOf } from '../../lib/subscriptions/v4.ts';
import { actionAnswer } from '../../lib/subscriptions/v4-batch.ts';
import { subscriptions } from './operations.ts';

export const handler = handle(subscriptions.wideStatus, ({ path }, app) =>
  actionAnswer(app, async () => [await wideStatusOf(app, path.subscriberIdString)]),
);
