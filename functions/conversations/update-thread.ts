import { updateThread } from '../../lib/conversations/edit.ts';
import { publicThread } from '../../lib/conversations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { conversations } from './operations.ts';

export const handler = handle(conversations.updateThread, async ({ path, query, body }, app) =>
  publicThread(await updateThread(app, path.threadId, body, query.archived)),
);
