import { readTemplate } from '../../lib/app-events/templates.ts';
import { handle } from '../../lib/core/handle.ts';
import { appEvents } from './operations.ts';

export const handler = handle(appEvents.getTemplate, async ({ path }, app) =>
  readTemplate(app, path.eventTemplateId, path.appId),
);
