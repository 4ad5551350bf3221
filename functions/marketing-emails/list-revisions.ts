import { handle } from '../../lib/core/handle.ts';
import { nextPage } from '../../lib/core/page.ts';
import { revisionsOf } from '../../lib/emails/edit.ts';
import { toPublicRevision } from '../../lib/emails/public.ts';
import { marketingEmails } from './operations.ts';

export const handler = handle(marketingEmails.listRevisions, async ({ path, query, request }, app) => {
  const { limit } = query;
  const cursors = {
    ...(query.after && { after: Number(query.after) }),
    ...(query.before && { before: Number(query.before) }),
  };
  const { revisions, current, after } = await revisionsOf(app, path.emailId, { ...cursors, limit });
  const results = revisions.map((revision) => toPublicRevision(revision, current, app.now()));
  return { total: current, results, ...nextPage(after, request) };
});
