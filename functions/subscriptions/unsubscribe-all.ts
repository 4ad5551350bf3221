import { handle } from '../../lib/core/handle.ts';
import { unsubscribeFromAll } from '../../lib/subscriptions/v4.ts';
import { actionAnswer } from '../../lib/subscriptions/v4-batch.ts';
import { subscriptions } from './operations.ts';

export const handler = handle(subscriptions.unsubscribeAll, ({ path, query }, app) =>
  actionAnswer(app, async () => {
    const statuses = await unsubscribeFromAll(app, path.subscriberIdString);
    return query.verbose === 'true' ? statuses : [];
  }),
);
