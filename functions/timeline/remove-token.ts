import { handle } from '../../lib/core/handle.ts';
import { removeToken } from '../../lib/timeline/templates.ts';
import { timeline } from './operations.ts';

export const handler = handle(timeline.removeToken, async ({ path: { appId, eventTemplateId, tokenName } }, app) => {
  await removeToken(app, { appId, id: eventTemplateId, name: tokenName });
  return undefined;
});
