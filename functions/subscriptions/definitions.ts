import { handle } from '../../lib/core/handle.ts';
import { definitionOf } from '../../lib/subscriptions/choices.ts';
import { subscriptionTypes } from '../../lib/subscriptions/types.ts';
import { subscriptions } from './operations.ts';

export const handler = handle(subscriptions.definitions, async () => ({
  subscriptionDefinitions: subscriptionTypes.map(definitionOf),
}));
