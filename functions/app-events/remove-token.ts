import { removeToken } from '../../lib/app-events/templates.ts';
import { handle } from '../../lib/core/handle.ts';
import { appEvents } from './operations.ts';

export const handler = handle(appEvents.removeToken, async ({ path: { appId, eventTemplateId, tokenName } }, app) => {
  await removeToken(app, { appId, id: eventTemplateId, name: tokenName });
  return undefined;
});
