import * as z from 'zod/mini';
import { operations } from '../../lib/core/operation.ts';
import { SubscriptionDefinition, SubscriptionStatus, SubscriptionUpdate } from '../../lib/subscriptions/schema.ts';

const read = 'communication_preferences.read';
const write = 'communication_preferences.write';

export const subscriptions = operations('subscriptions', {
  definitions: {
    route: 'GET /communication-preferences/v3/definitions',
    summary: 'The kinds of mail that people can get or not get',
    scope: read,
    status: 200,
    output: z.object({ subscriptionDefinitions: z.array(SubscriptionDefinition) }),
    uses: ['table:read'],
  },
  status: {
    route: 'GET /communication-preferences/v3/status/email/{emailAddress}',
    summary: 'Which kinds of mail an address gets',
    scope: read,
    path: z.object({ emailAddress: z.string() }),
    status: 200,
    output: z.object({ recipient: z.string(), subscriptionStatuses: z.array(SubscriptionStatus) }),
    uses: ['table:read'],
  },
  subscribe: {
    route: 'POST /communication-preferences/v3/subscribe',
    summary: 'Note that an address wants a kind of mail',
    scope: write,
    body: SubscriptionUpdate,
    status: 200,
    output: SubscriptionStatus,
    uses: ['table:read', 'table:write'],
  },
  unsubscribe: {
    route: 'POST /communication-preferences/v3/unsubscribe',
    summary: 'Note that an address does not want a kind of mail',
    scope: write,
    body: SubscriptionUpdate,
    status: 200,
    output: SubscriptionStatus,
    uses: ['table:read', 'table:write'],
  },
});
