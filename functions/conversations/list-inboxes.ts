import { listInboxes } from '../../lib/conversations/inboxes.ts';
import { publicInbox } from '../../lib/conversations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { pageOf, sliceOf } from '../../lib/core/page.ts';
import { conversations } from './operations.ts';

export const handler = handle(conversations.listInboxes, async ({ query, request }, app) => {
  const all = query.archived ? [] : (await listInboxes(app)).map(publicInbox);
  const { results, after } = sliceOf(all, query.after, query.limit);
  return { ...pageOf(results, after, request), total: all.length };
});
