import { handle } from '../../lib/core/handle.ts';
import { retryError } from '../../lib/salesforce/ask.ts';
import { salesforce } from './operations.ts';

export const handler = handle(salesforce.retryError, ({ path }, app) => retryError(app, path.errorId));
