import { handle } from '../../lib/core/handle.ts';
import { publicType, readSubscriptionType } from '../../lib/subscriptions/type-change.ts';
import { subscriptions } from './operations.ts';

export const handler = handle(subscriptions.getType, async ({ path }, app) =>
  publicType(await readSubscriptionType(app, path.typeId)),
);
