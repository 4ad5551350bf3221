import { removeTemplate } from '../../lib/app-events/templates.ts';
import { handle } from '../../lib/core/handle.ts';
import { appEvents } from './operations.ts';

export const handler = handle(appEvents.removeTemplate, async ({ path }, app) => {
  await removeTemplate(app, path.appId, path.eventTemplateId);
  return undefined;
});
