import { handle } from '../../lib/core/handle.ts';
import { restoreToDraft } from '../../lib/emails/edit.ts';
import { toPublicEmail } from '../../lib/emails/public.ts';
import { marketingEmails } from './operations.ts';

export const handler = handle(marketingEmails.restoreToDraft, async ({ path }, app) => {
  const { email, draft } = await restoreToDraft(app, path.emailId, path.revisionId);
  return toPublicEmail(email, { now: app.now(), draft });
});
