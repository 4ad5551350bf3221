import { updateInbox } from '../../lib/conversations/inboxes.ts';
import { publicInbox } from '../../lib/conversations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { conversations } from './operations.ts';

export const handler = handle(conversations.updateInbox, async ({ path, body }, app) =>
  publicInbox(await updateInbox(app, path.inboxId, body)),
);
