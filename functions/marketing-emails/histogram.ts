import { handle } from '../../lib/core/handle.ts';
import { histogramOf } from '../../lib/emails/statistics-store.ts';
import { marketingEmails } from './operations.ts';

export const handler = handle(marketingEmails.histogram, ({ query }, app) => histogramOf(app, query));
