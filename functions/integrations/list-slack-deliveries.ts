import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { toPublicDelivery } from '../../lib/slack/delivery.ts';
import { listSlackDeliveries } from '../../lib/slack/store.ts';
import { integrations } from './operations.ts';

export const handler = handle(integrations.listSlackDeliveries, async ({ query, request }, app) => {
  const { items, after } = await listSlackDeliveries(app, query);
  return pageOf(items.map(toPublicDelivery), after, request);
});
