import { handle } from '../../lib/core/handle.ts';
import { toBatchErrors } from '../../lib/objects/batch.ts';
import { batchReply } from '../../lib/objects/batch-answer.ts';
import { createEvents } from '../../lib/timeline/events.ts';
import { timeline } from './operations.ts';

export const handler = handle(timeline.batchCreateEvents, async ({ body: { inputs } }, app) => {
  const startedAt = app.now();
  const { results, errors } = await createEvents(app, inputs);
  return batchReply(app, 201, { startedAt, results, errors: toBatchErrors([], errors) });
});
