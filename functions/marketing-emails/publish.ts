import { handle } from '../../lib/core/handle.ts';
import { publishEmail } from '../../lib/emails/publish.ts';
import { marketingEmails } from './operations.ts';

export const handler = handle(marketingEmails.publish, async ({ path }, app) => {
  await publishEmail(app, path.emailId);
  return undefined;
});
