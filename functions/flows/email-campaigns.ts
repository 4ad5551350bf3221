import { handle } from '../../lib/core/handle.ts';
import { flows } from './operations.ts';

/** A flow's mail has its text in the flow: none is a campaign of a marketing e-mail. */
export const handler = handle(flows.emailCampaigns, async () => ({ results: [] }));
