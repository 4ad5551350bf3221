import { handle } from '../../lib/core/handle.ts';
import { publicType } from '../../lib/subscriptions/type-change.ts';
import { subscriptionTypes } from '../../lib/subscriptions/type-store.ts';
import { subscriptions } from './operations.ts';

export const handler = handle(subscriptions.listTypes, async (_, app) => ({
  results: (await subscriptionTypes(app, { fresh: true })).map(publicType),
}));
