import { publicMessage } from '../../lib/conversations/public.ts';
import { readMessage, readThread } from '../../lib/conversations/store.ts';
import { handle } from '../../lib/core/handle.ts';
import { conversations } from './operations.ts';

export const handler = handle(conversations.getMessage, async ({ path }, app) => {
  const { inboxId } = await readThread(app, path.threadId);
  return publicMessage(await readMessage(app, path.threadId, path.messageId), inboxId);
});
