import { handle } from '../../lib/core/handle.ts';
import { resync } from '../../lib/salesforce/ask.ts';
import { salesforce } from './operations.ts';

export const handler = handle(salesforce.resync, async ({ body }, app) => ({ jobId: (await resync(app, body)).id }));
