import { handle } from '../../lib/core/handle.ts';
import { removeSubscriptionType } from '../../lib/subscriptions/type-change.ts';
import { subscriptions } from './operations.ts';

export const handler = handle(subscriptions.removeType, async ({ path }, app) => {
  await removeSubscriptionType(app, path.typeId);
  return undefined;
});
