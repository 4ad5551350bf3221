import { handle } from '../../lib/core/handle.ts';
import { dismissFinding } from '../../lib/quality/findings-store.ts';
import { quality } from './operations.ts';

export const handler = handle(quality.dismiss, async ({ path }, app) => {
  await dismissFinding(app, path.findingId);
  return undefined;
});
