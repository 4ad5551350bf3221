import { handle } from '../../lib/core/handle.ts';
import { archiveEmail } from '../../lib/emails/edit.ts';
import { marketingEmails } from './operations.ts';

export const handler = handle(marketingEmails.archive, async ({ path }, app) => {
  await archiveEmail(app, path.emailId);
  return undefined;
});
