import { ticketOf } from '../../lib/conversations/ticket.ts';
import { handle } from '../../lib/core/handle.ts';
import { fullRecord } from '../../lib/objects/public-record.ts';
import { conversations } from './operations.ts';

export const handler = handle(conversations.createTicket, async ({ path, body }, app) => {
  const { properties, ...own } = body;
  return fullRecord(await ticketOf(app, path.threadId, { ...properties, ...own }));
});
