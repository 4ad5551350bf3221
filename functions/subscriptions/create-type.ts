import { handle } from '../../lib/core/handle.ts';
import { createSubscriptionType, publicType } from '../../lib/subscriptions/type-change.ts';
import { subscriptions } from './operations.ts';

export const handler = handle(subscriptions.createType, async ({ body }, app) =>
  publicType(await createSubscriptionType(app, body)),
);
