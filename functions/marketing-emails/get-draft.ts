import { handle } from '../../lib/core/handle.ts';
import { toPublicEmail } from '../../lib/emails/public.ts';
import { findDraft, readEmail } from '../../lib/emails/store.ts';
import { marketingEmails } from './operations.ts';

export const handler = handle(marketingEmails.getDraft, async ({ path }, app) => {
  const [email, draft] = await Promise.all([readEmail(app, path.emailId), findDraft(app, path.emailId)]);
  return toPublicEmail(email, { now: app.now(), draft });
});
