import { handle } from '../../lib/core/handle.ts';
import { subscribe } from '../../lib/subscriptions/api.ts';
import { subscriptions } from './operations.ts';

export const handler = handle(subscriptions.subscribe, ({ body }, app) => subscribe(app, body));
