import { readInbox } from '../../lib/conversations/inboxes.ts';
import { publicChannelAccount } from '../../lib/conversations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { conversations } from './operations.ts';

export const handler = handle(conversations.getChannelAccount, async ({ path }, app) =>
  publicChannelAccount(await readInbox(app, path.channelAccountId)),
);
