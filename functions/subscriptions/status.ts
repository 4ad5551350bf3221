import { handle } from '../../lib/core/handle.ts';
import { statusesOf } from '../../lib/subscriptions/api.ts';
import { subscriptions } from './operations.ts';

export const handler = handle(subscriptions.status, ({ path }, app) => statusesOf(app, path.emailAddress));
