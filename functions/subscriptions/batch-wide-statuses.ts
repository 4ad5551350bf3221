import { handle } from '../../lib/core/handle.ts';
import { wideStatus } from '../../lib/subscriptions/v4.ts';
import { eachInput, readSubscribers } from '../../lib/subscriptions/v4-batch.ts';
import { subscriptions } from './operations.ts';

export const handler = handle(subscriptions.batchWideStatuses, async ({ body: { inputs } }, app) => {
  const stateOf = await readSubscribers(app, inputs);
  const work = (subscriber: string) => {
    const { email, chosen } = stateOf(subscriber);
    return { subscriberIdString: email, wideStatuses: [wideStatus(app, email, chosen)] };
  };
  return eachInput(app, inputs, { idOf: String, work, partly: 207 });
});
