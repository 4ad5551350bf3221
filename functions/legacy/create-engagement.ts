import { handle } from '../../lib/core/handle.ts';
import { createEngagement } from '../../lib/legacy/engagements.ts';
import { legacy } from './operations.ts';

export const handler = handle(legacy.createEngagement, async ({ body }, app) => createEngagement(app, body));
