import { listInboxes } from '../../lib/conversations/inboxes.ts';
import { publicChannelAccount } from '../../lib/conversations/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { pageOf, sliceOf } from '../../lib/core/page.ts';
import { conversations } from './operations.ts';

export const handler = handle(conversations.listChannelAccounts, async ({ query, request }, app) => {
  const all = (await listInboxes(app)).map(publicChannelAccount);
  const asked = all.filter(
    ({ archived, channelId, inboxId }) =>
      archived === query.archived &&
      (query.channelId ?? channelId) === channelId &&
      (query.inboxId ?? inboxId) === inboxId,
  );
  const { results, after } = sliceOf(asked, query.after, query.limit);
  return { ...pageOf(results, after, request), total: asked.length };
});
