import { emailChannels } from '../../lib/conversations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { conversations } from './operations.ts';

export const handler = handle(conversations.listChannels, async () => ({
  results: emailChannels,
  total: emailChannels.length,
}));
