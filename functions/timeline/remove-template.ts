import { handle } from '../../lib/core/handle.ts';
import { removeTemplate } from '../../lib/timeline/templates.ts';
import { timeline } from './operations.ts';

export const handler = handle(timeline.removeTemplate, async ({ path }, app) => {
  await removeTemplate(app, path.appId, path.eventTemplateId);
  return undefined;
});
