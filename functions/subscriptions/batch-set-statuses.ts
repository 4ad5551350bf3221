import { handle } from '../../lib/core/handle.ts';
import { setStatus } from '../../lib/subscriptions/v4.ts';
import { eachInput } from '../../lib/subscriptions/v4-batch.ts';
import { subscriptions } from './operations.ts';

export const handler = handle(subscriptions.batchSetStatuses, ({ body: { inputs } }, app) =>
  eachInput(app, inputs, {
    idOf: ({ subscriberIdString }) => subscriberIdString,
    work: ({ subscriberIdString, ...update }) => setStatus(app, subscriberIdString, update),
    partly: 200,
  }),
);
