import { handle } from '../../lib/core/handle.ts';
import { readEngagement } from '../../lib/legacy/engagements.ts';
import { legacy } from './operations.ts';

export const handler = handle(legacy.getEngagement, async ({ path }, app) => readEngagement(app, path.engagementId));
