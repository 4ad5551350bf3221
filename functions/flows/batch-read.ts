import { handle, Reply } from '../../lib/core/handle.ts';
import { readBatch } from '../../lib/flows/batch.ts';
import { flows } from './operations.ts';

export const handler = handle(flows.batchRead, async ({ body }, app) => {
  const answer = await readBatch(
    app,
    body.inputs.map(({ flowId }) => flowId),
  );
  return new Reply(answer.errors ? 207 : 200, answer);
});
