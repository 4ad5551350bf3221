import { readInbox } from '../../lib/conversations/inboxes.ts';
import { publicInbox } from '../../lib/conversations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { conversations } from './operations.ts';

export const handler = handle(conversations.getInbox, async ({ path }, app) =>
  publicInbox(await readInbox(app, path.inboxId)),
);
