import { emailChannels } from '../../lib/conversations/public.ts';
import { CrmError } from '../../lib/core/errors.ts';
import { handle } from '../../lib/core/handle.ts';
import { conversations } from './operations.ts';

export const handler = handle(conversations.getChannel, async ({ path }) => {
  const channel = emailChannels.find(({ id }) => id === path.channelId);
  if (!channel) throw new CrmError('OBJECT_NOT_FOUND', `No channel with ID ${path.channelId} exists`);
  return channel;
});
