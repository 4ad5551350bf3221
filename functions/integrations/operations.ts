import * as z from 'zod/mini';
import { operations } from '../../lib/core/operation.ts';
import { cursor, limitOf, Paging } from '../../lib/core/page.ts';
import { PublicDelivery } from '../../lib/slack/delivery.ts';

export const integrations = operations('integrations', {
  connectSlack: {
    route: 'PUT /integrations/v1/slack',
    summary: 'Connect Slack by an incoming webhook; its address is never shown again',
    scope: 'settings.integrations.write',
    body: z.strictObject({ webhookUrl: z.string() }),
    status: 200,
    output: z.object({ connected: z.literal(true) }),
    uses: ['table:read', 'secret:slack:write', 'http:outgoing'],
  },
  listSlackDeliveries: {
    route: 'GET /integrations/v1/slack/deliveries',
    summary: 'Posts to Slack, newest first, and what became of each',
    scope: 'settings.integrations.read',
    query: z.object({ after: z.optional(cursor), limit: limitOf(50, 100) }),
    status: 200,
    output: z.object({ results: z.array(PublicDelivery), paging: z.optional(Paging) }),
    uses: ['table:read'],
  },
  retrySlackDelivery: {
    route: 'POST /integrations/v1/slack/deliveries/{deliveryId}/retry',
    summary: 'Send a post again that did not surely arrive',
    scope: 'settings.integrations.write',
    path: z.object({ deliveryId: z.string() }),
    status: 200,
    output: PublicDelivery,
    uses: ['table:read', 'table:write', 'secret:slack:read', 'http:outgoing'],
  },
});
