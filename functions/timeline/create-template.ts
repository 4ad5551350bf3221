import { handle } from '../../lib/core/handle.ts';
import { createTemplate } from '../../lib/timeline/templates.ts';
import { timeline } from './operations.ts';

export const handler = handle(timeline.createTemplate, async ({ path, body }, app) =>
  createTemplate(app, path.appId, body),
);
