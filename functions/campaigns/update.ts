import { patchedCampaign } from '../../lib/campaigns/campaign.ts';
import { changeCampaign } from '../../lib/campaigns/store.ts';
import { handle } from '../../lib/core/handle.ts';
import { campaigns } from './operations.ts';

export const handler = handle(campaigns.update, ({ path, body }, app) =>
  changeCampaign(app, path.campaignId, (campaign) => patchedCampaign(campaign, body, app.now())),
);
