import { handle } from '../../lib/core/handle.ts';
import { nextPage } from '../../lib/core/page.ts';
import { shownEmails } from '../../lib/emails/answer.ts';
import { listEmails } from '../../lib/emails/list.ts';
import { marketingEmails } from './operations.ts';

export const handler = handle(marketingEmails.list, async ({ query, request }, app) => {
  const { emails, total, after } = await listEmails(app, query);
  return { total, results: await shownEmails(app, emails, query), ...nextPage(after, request) };
});
