import { handle } from '../../lib/core/handle.ts';
import { statusesOf } from '../../lib/subscriptions/v4.ts';
import { actionAnswer } from '../../lib/subscriptions/v4-batch.ts';
import { subscriptions } from './operations.ts';

export const handler = handle(subscriptions.statuses, ({ path }, app) =>
  actionAnswer(app, () => statusesOf(app, path.subscriberIdString)),
);
