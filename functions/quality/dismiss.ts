import { handle } from '../../lib/core/handle.ts';
import { requireAccess } from '../../lib/core/scopes.ts';
import { dismissFinding } from '../../lib/quality/findings-store.ts';
import { quality } from './operations.ts';

const contacts = '0-1';

export const handler = handle(quality.dismiss, async ({ path }, app) => {
  requireAccess(app, [contacts], 'write');
  await dismissFinding(app, path.findingId);
  return undefined;
});
