import { createTemplate } from '../../lib/app-events/templates.ts';
import { handle } from '../../lib/core/handle.ts';
import { appEvents } from './operations.ts';

export const handler = handle(appEvents.createTemplate, async ({ path, body }, app) =>
  createTemplate(app, path.appId, body),
);
