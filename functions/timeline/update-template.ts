import { handle } from '../../lib/core/handle.ts';
import { updateTemplate } from '../../lib/timeline/templates.ts';
import { timeline } from './operations.ts';

export const handler = handle(timeline.updateTemplate, async ({ path, body }, app) =>
  updateTemplate(app, path.appId, path.eventTemplateId, body),
);
