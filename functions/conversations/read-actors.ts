import { findActors, unknownActors } from '../../lib/conversations/actors.ts';
import { handle } from '../../lib/core/handle.ts';
import { batchReply } from '../../lib/objects/batch-answer.ts';
import { conversations } from './operations.ts';

export const handler = handle(conversations.readActors, async ({ body }, app) => {
  const startedAt = app.now();
  const { results, missing } = await findActors(app, body.inputs);
  return batchReply(app, 200, { startedAt, results, errors: unknownActors(missing) });
});
