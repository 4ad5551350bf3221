import { createEvents } from '../../lib/app-events/events.ts';
import { handle } from '../../lib/core/handle.ts';
import { toBatchErrors } from '../../lib/objects/batch.ts';
import { batchReply } from '../../lib/objects/batch-answer.ts';
import { appEvents } from './operations.ts';

export const handler = handle(appEvents.batchCreateEvents, async ({ body: { inputs } }, app) => {
  const startedAt = app.now();
  const { results, errors } = await createEvents(app, inputs);
  return batchReply(app, 201, { startedAt, results, errors: toBatchErrors([], errors) });
});
