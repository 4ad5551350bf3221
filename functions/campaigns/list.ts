import { listCampaigns } from '../../lib/campaigns/store.ts';
import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { campaigns } from './operations.ts';

export const handler = handle(campaigns.list, async ({ query, request }, app) => {
  const page = await listCampaigns(app, query);
  return pageOf(page.campaigns, page.after, request);
});
