import { originalOf } from '../../lib/conversations/original.ts';
import { readMessage } from '../../lib/conversations/store.ts';
import { handle } from '../../lib/core/handle.ts';
import { conversations } from './operations.ts';

export const handler = handle(conversations.originalContent, async ({ path, query }, app) =>
  originalOf(await readMessage(app, path.threadId, path.messageId), query.charset),
);
