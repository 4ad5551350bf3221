import { handle } from '../../lib/core/handle.ts';
import { definitionOf } from '../../lib/subscriptions/choices.ts';
import { subscriptionTypes } from '../../lib/subscriptions/type-store.ts';
import { subscriptions } from './operations.ts';

export const handler = handle(subscriptions.definitions, async (_, app) => ({
  subscriptionDefinitions: (await subscriptionTypes(app, { fresh: true })).map(definitionOf),
}));
