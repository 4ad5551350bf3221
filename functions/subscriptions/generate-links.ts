import { handle } from '../../lib/core/handle.ts';
import { linksOf } from '../../lib/subscriptions/links.ts';
import { subscriptions } from './operations.ts';

export const handler = handle(subscriptions.generateLinks, ({ body }, app) => linksOf(app, body));
