import { publicMessage } from '../../lib/conversations/public.ts';
import { readThread } from '../../lib/conversations/store.ts';
import { writeIn } from '../../lib/conversations/write.ts';
import { handle } from '../../lib/core/handle.ts';
import { conversations } from './operations.ts';

export const handler = handle(conversations.sendMessage, async ({ path, body }, app) => {
  const { inboxId } = await readThread(app, path.threadId);
  return publicMessage(await writeIn(app, path.threadId, body), inboxId);
});
