import { updateToken } from '../../lib/app-events/templates.ts';
import { handle } from '../../lib/core/handle.ts';
import { appEvents } from './operations.ts';

export const handler = handle(
  appEvents.updateToken,
  async ({ path: { appId, eventTemplateId, tokenName }, body }, app) =>
    updateToken(app, { appId, id: eventTemplateId, name: tokenName }, body),
);
