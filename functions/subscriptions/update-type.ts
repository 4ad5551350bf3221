import { handle } from '../../lib/core/handle.ts';
import { changeSubscriptionType, publicType } from '../../lib/subscriptions/type-change.ts';
import { subscriptions } from './operations.ts';

export const handler = handle(subscriptions.updateType, async ({ path, body }, app) =>
  publicType(await changeSubscriptionType(app, path.typeId, body)),
);
