import { handle } from '../../lib/core/handle.ts';
import { update } from '../../lib/subscriptions/api.ts';
import { subscriptions } from './operations.ts';

export const handler = handle(subscriptions.subscribe, ({ body }, app) => update(app, body, { wanted: true }));
