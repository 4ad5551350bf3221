import { handle } from '../../lib/core/handle.ts';
import { revisionOf } from '../../lib/emails/edit.ts';
import { toPublicRevision } from '../../lib/emails/public.ts';
import { marketingEmails } from './operations.ts';

export const handler = handle(marketingEmails.getRevision, async ({ path }, app) => {
  const { revision, current } = await revisionOf(app, path.emailId, path.revisionId);
  return toPublicRevision(revision, current, app.now());
});
