import { handle, Reply } from '../../lib/core/handle.ts';
import { readBatch } from '../../lib/flows/batch.ts';
import { flows } from './operations.ts';

/** A flow never had another id: both names are the same one. */
export const handler = handle(flows.workflowIdMappings, async ({ body }, app) => {
  const ids = body.inputs.map(({ flowId, workflowId }) => String(flowId ?? workflowId));
  const { results, ...answer } = await readBatch(app, ids);
  return new Reply(answer.errors ? 207 : 200, {
    ...answer,
    results: results.map(({ id }) => ({ flowId: id, workflowId: id })),
  });
});
