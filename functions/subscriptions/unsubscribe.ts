import { handle } from '../../lib/core/handle.ts';
import { unsubscribe } from '../../lib/subscriptions/api.ts';
import { subscriptions } from './operations.ts';

export const handler = handle(subscriptions.unsubscribe, ({ body }, app) => unsubscribe(app, body));
