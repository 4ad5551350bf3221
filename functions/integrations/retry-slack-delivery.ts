import { handle } from '../../lib/core/handle.ts';
import { toPublicDelivery } from '../../lib/slack/delivery.ts';
import { retrySlackDelivery } from '../../lib/slack/store.ts';
import { integrations } from './operations.ts';

export const handler = handle(integrations.retrySlackDelivery, async ({ path }, app) =>
  toPublicDelivery(await retrySlackDelivery(app, path.deliveryId)),
);
