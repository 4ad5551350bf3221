import { handle } from '../../lib/core/handle.ts';
import { addToken } from '../../lib/timeline/templates.ts';
import { timeline } from './operations.ts';

export const handler = handle(timeline.createToken, async ({ path, body }, app) =>
  addToken(app, path.appId, path.eventTemplateId, body),
);
