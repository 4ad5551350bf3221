import { addToken } from '../../lib/app-events/templates.ts';
import { handle } from '../../lib/core/handle.ts';
import { appEvents } from './operations.ts';

export const handler = handle(appEvents.createToken, async ({ path, body }, app) =>
  addToken(app, path.appId, path.eventTemplateId, body),
);
