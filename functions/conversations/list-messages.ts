import { listMessages } from '../../lib/conversations/list.ts';
import { publicMessage } from '../../lib/conversations/public.ts';
import { readThread } from '../../lib/conversations/store.ts';
import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { conversations } from './operations.ts';

export const handler = handle(conversations.listMessages, async ({ path, query, request }, app) => {
  const { inboxId } = await readThread(app, path.threadId, { archived: query.archived });
  const { items, after } = await listMessages(app, path.threadId, query);
  return pageOf(await Promise.all(items.map((message) => publicMessage(message, inboxId))), after, request);
});
