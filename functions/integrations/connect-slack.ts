import { handle } from '../../lib/core/handle.ts';
import { connectSlack } from '../../lib/slack/settings.ts';
import { integrations } from './operations.ts';

export const handler = handle(integrations.connectSlack, async ({ body }) => {
  await connectSlack(body);
  return { connected: true as const };
});
