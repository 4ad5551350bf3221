import { handle } from '../../lib/core/handle.ts';
import { unsubscribeFromAll } from '../../lib/subscriptions/v4.ts';
import { eachInput } from '../../lib/subscriptions/v4-batch.ts';
import { subscriptions } from './operations.ts';

export const handler = handle(subscriptions.batchUnsubscribeAll, ({ query, body: { inputs } }, app) =>
  eachInput(app, inputs, {
    idOf: String,
    work: async (subscriberIdString: string) => {
      const statuses = await unsubscribeFromAll(app, subscriberIdString);
      return { subscriberIdString, ...(query.verbose === 'true' && { statuses }) };
    },
    partly: 200,
  }),
);
