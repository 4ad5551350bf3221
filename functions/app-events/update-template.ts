import { updateTemplate } from '../../lib/app-events/templates.ts';
import { handle } from '../../lib/core/handle.ts';
import { appEvents } from './operations.ts';

export const handler = handle(appEvents.updateTemplate, async ({ path, body }, app) =>
  updateTemplate(app, path.appId, path.eventTemplateId, body),
);
