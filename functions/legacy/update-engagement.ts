import { handle } from '../../lib/core/handle.ts';
import { changeEngagement } from '../../lib/legacy/engagements.ts';
import { legacy } from './operations.ts';

export const handler = handle(legacy.updateEngagement, async ({ path, body }, app) =>
  changeEngagement(app, path.engagementId, body),
);
