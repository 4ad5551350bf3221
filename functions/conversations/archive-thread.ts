import { archiveThread } from '../../lib/conversations/edit.ts';
import { handle } from '../../lib/core/handle.ts';
import { conversations } from './operations.ts';

export const handler = handle(conversations.archiveThread, async ({ path }, app) => {
  await archiveThread(app, path.threadId);
  return undefined;
});
