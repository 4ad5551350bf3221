import * as z from 'zod/mini';
import { Campaign, CampaignInput, CampaignPatch } from '../../lib/campaigns/schema.ts';
import { operations, workers } from '../../lib/core/operation.ts';
import { cursor, limitOf, Paging } from '../../lib/core/page.ts';

const path = z.object({ campaignId: z.string() });
const read = 'feedback.read';
const write = 'feedback.write';

export const campaigns = operations('campaigns', {
  list: {
    route: 'GET /feedback/v1/campaigns',
    summary: 'List campaigns, with their next and past waves',
    scope: read,
    query: z.object({ after: z.optional(cursor), limit: limitOf(50, 100) }),
    status: 200,
    output: z.object({ results: z.array(Campaign), paging: z.optional(Paging) }),
    uses: ['table:read'],
  },
  create: {
    route: 'POST /feedback/v1/campaigns',
    summary: 'Send a survey to a list by a schedule, or to the contacts of each ticket that is closed',
    scope: write,
    body: CampaignInput,
    status: 201,
    output: Campaign,
    uses: ['table:read', 'table:write'],
  },
  get: {
    route: 'GET /feedback/v1/campaigns/{campaignId}',
    summary: 'Read a campaign, with its next and past waves',
    scope: read,
    path,
    status: 200,
    output: Campaign,
    uses: ['table:read'],
  },
  update: {
    route: 'PATCH /feedback/v1/campaigns/{campaignId}',
    summary: 'Change, pause or resume a campaign; a wave that waits goes by the new terms',
    scope: write,
    path,
    body: CampaignPatch,
    status: 200,
    output: Campaign,
    uses: ['table:read', 'table:write'],
  },
  remove: {
    route: 'DELETE /feedback/v1/campaigns/{campaignId}',
    summary: 'Delete a campaign; no further wave goes out',
    scope: write,
    path,
    status: 204,
    uses: ['table:read', 'table:write'],
  },
});

export const campaignsWorkers = workers('campaigns', {
  notice: {
    summary: 'A ticket was closed → the jobs of the campaigns that ask about it',
    uses: ['table:read', 'table:write', 'queue:jobs'],
    timeoutSeconds: 30,
  },
});
