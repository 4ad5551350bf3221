import { handle } from '../../lib/core/handle.ts';
import { definitionOf, translationsOf } from '../../lib/subscriptions/choices.ts';
import { subscriptionTypes } from '../../lib/subscriptions/type-store.ts';
import { actionAnswer } from '../../lib/subscriptions/v4-batch.ts';
import { subscriptions } from './operations.ts';

export const handler = handle(subscriptions.definitionsV4, ({ query }, app) =>
  actionAnswer(app, async () => {
    const types = await subscriptionTypes(app, { fresh: true });
    return types.map((type) => ({
      ...definitionOf(type),
      ...(query.includeTranslations === 'true' && { subscriptionTranslations: translationsOf(type) }),
    }));
  }),
);
