import { handle } from '../../lib/core/handle.ts';
import { updateDraft } from '../../lib/emails/edit.ts';
import { toPublicEmail } from '../../lib/emails/public.ts';
import { marketingEmails } from './operations.ts';

export const handler = handle(marketingEmails.updateDraft, async ({ path, body }, app) => {
  const { email, draft } = await updateDraft(app, path.emailId, body);
  return toPublicEmail(email, { now: app.now(), draft });
});
