import { listThreads, threadQueryOf } from '../../lib/conversations/list.ts';
import { publicThread } from '../../lib/conversations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { conversations } from './operations.ts';

export const handler = handle(conversations.listThreads, async ({ query, request }, app) => {
  const { items, after } = await listThreads(app, threadQueryOf(query));
  const withTicket = query.association === 'TICKET';
  return pageOf(
    items.map((thread) => publicThread(thread, { withTicket })),
    after,
    request,
  );
});
