import { handle } from '../../lib/core/handle.ts';
import { updateEmail } from '../../lib/emails/edit.ts';
import { toPublicEmail } from '../../lib/emails/public.ts';
import { marketingEmails } from './operations.ts';

export const handler = handle(marketingEmails.update, async ({ path, query, body }, app) => {
  const email = await updateEmail(app, path.emailId, body, { wasArchived: query.archived });
  return toPublicEmail(email, { now: app.now() });
});
