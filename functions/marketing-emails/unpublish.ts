import { handle } from '../../lib/core/handle.ts';
import { unpublishEmail } from '../../lib/emails/publish.ts';
import { marketingEmails } from './operations.ts';

export const handler = handle(marketingEmails.unpublish, async ({ path }, app) => {
  await unpublishEmail(app, path.emailId);
  return undefined;
});
