import { handle } from '../../lib/core/handle.ts';
import { readMemberships } from '../../lib/lists/batch-memberships.ts';
import { batchReply } from '../../lib/objects/batch-answer.ts';
import { lists } from './operations.ts';

export const handler = handle(lists.batchReadMemberships, async ({ body: { inputs } }, app) => {
  const startedAt = app.now();
  return batchReply(app, 200, { startedAt, ...(await readMemberships(app, inputs)) });
});
