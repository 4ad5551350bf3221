import { listTemplates } from '../../lib/app-events/templates.ts';
import { handle } from '../../lib/core/handle.ts';
import { appEvents } from './operations.ts';

export const handler = handle(appEvents.listTemplates, async ({ path }, app) => ({
  results: await listTemplates(app, path.appId),
}));
