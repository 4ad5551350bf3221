import { handle } from '../../lib/core/handle.ts';
import { aggregateOf } from '../../lib/emails/statistics-store.ts';
import { marketingEmails } from './operations.ts';

export const handler = handle(marketingEmails.statistics, ({ query }, app) => aggregateOf(app, query));
