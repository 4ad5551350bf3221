import { handle } from '../../lib/core/handle.ts';
import { activeTypes, publicStatus } from '../../lib/subscriptions/v4.ts';
import { eachInput, readSubscribers } from '../../lib/subscriptions/v4-batch.ts';
import { subscriptions } from './operations.ts';

export const handler = handle(subscriptions.batchStatuses, async ({ body: { inputs } }, app) => {
  const [types, stateOf] = await Promise.all([activeTypes(app), readSubscribers(app, inputs)]);
  const work = (subscriber: string) => {
    const { email, chosen } = stateOf(subscriber);
    return { subscriberIdString: email, statuses: types.map((type) => publicStatus(type, email, chosen)) };
  };
  return eachInput(app, inputs, { idOf: String, work, partly: 207 });
});
