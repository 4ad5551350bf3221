import { publicThread } from '../../lib/conversations/public.ts';
import { readThread } from '../../lib/conversations/store.ts';
import { handle } from '../../lib/core/handle.ts';
import { conversations } from './operations.ts';

export const handler = handle(conversations.getThread, async ({ path, query }, app) =>
  publicThread(await readThread(app, path.threadId, { archived: query.archived }), {
    withTicket: query.association === 'TICKET',
  }),
);
