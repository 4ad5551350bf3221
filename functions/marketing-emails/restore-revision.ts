import { handle } from '../../lib/core/handle.ts';
import { restoreRevision } from '../../lib/emails/edit.ts';
import { marketingEmails } from './operations.ts';

export const handler = handle(marketingEmails.restoreRevision, async ({ path }, app) => {
  await restoreRevision(app, path.emailId, path.revisionId);
  return undefined;
});
