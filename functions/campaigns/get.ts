import { readCampaign } from '../../lib/campaigns/store.ts';
import { handle } from '../../lib/core/handle.ts';
import { campaigns } from './operations.ts';

export const handler = handle(campaigns.get, ({ path }, app) => readCampaign(app, path.campaignId));
