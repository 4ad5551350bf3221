import { handle } from '../../lib/core/handle.ts';
import { updateToken } from '../../lib/timeline/templates.ts';
import { timeline } from './operations.ts';

export const handler = handle(
  timeline.updateToken,
  async ({ path: { appId, eventTemplateId, tokenName }, body }, app) =>
    updateToken(app, { appId, id: eventTemplateId, name: tokenName }, body),
);
