import { handle } from '../../lib/core/handle.ts';
import { readTemplate } from '../../lib/timeline/templates.ts';
import { timeline } from './operations.ts';

export const handler = handle(timeline.getTemplate, async ({ path }, app) =>
  readTemplate(app, path.eventTemplateId, path.appId),
);
