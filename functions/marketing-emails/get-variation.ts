import { handle } from '../../lib/core/handle.ts';
import { shownEmail } from '../../lib/emails/answer.ts';
import { readVariation } from '../../lib/emails/edit.ts';
import { marketingEmails } from './operations.ts';

export const handler = handle(marketingEmails.getVariation, async ({ path, query }, app) =>
  shownEmail(app, await readVariation(app, path.emailId, query.archived), query),
);
