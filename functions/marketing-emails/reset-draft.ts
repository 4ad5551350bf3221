import { handle } from '../../lib/core/handle.ts';
import { resetDraft } from '../../lib/emails/edit.ts';
import { marketingEmails } from './operations.ts';

export const handler = handle(marketingEmails.resetDraft, async ({ path }, app) => {
  await resetDraft(app, path.emailId);
  return undefined;
});
