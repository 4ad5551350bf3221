import { handle } from '../../lib/core/handle.ts';
import { listTemplates } from '../../lib/timeline/templates.ts';
import { timeline } from './operations.ts';

export const handler = handle(timeline.listTemplates, async ({ path }, app) => ({
  results: await listTemplates(app, path.appId),
}));
