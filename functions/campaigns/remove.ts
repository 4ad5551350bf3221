import { archivedCampaign } from '../../lib/campaigns/campaign.ts';
import { changeCampaign } from '../../lib/campaigns/store.ts';
import { handle } from '../../lib/core/handle.ts';
import { campaigns } from './operations.ts';

export const handler = handle(campaigns.remove, async ({ path }, app) => {
  await changeCampaign(app, path.campaignId, (campaign) => archivedCampaign(campaign, app.now()));
  return undefined;
});
