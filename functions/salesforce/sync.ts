import { handle } from '../../lib/core/handle.ts';
import { askForRun } from '../../lib/salesforce/ask.ts';
import { salesforce } from './operations.ts';

export const handler = handle(salesforce.sync, async (_, app) => {
  await askForRun(app);
  return { status: 'QUEUED' as const };
});
