import { handle } from '../../lib/core/handle.ts';
import { shownEmail } from '../../lib/emails/answer.ts';
import { readEmail } from '../../lib/emails/store.ts';
import { marketingEmails } from './operations.ts';

export const handler = handle(marketingEmails.get, async ({ path, query }, app) =>
  shownEmail(app, await readEmail(app, path.emailId, query), query),
);
