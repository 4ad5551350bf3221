import { handle } from '../../lib/core/handle.ts';
import { deleteFlow } from '../../lib/flows/edit.ts';
import { flows } from './operations.ts';

export const handler = handle(flows.remove, async ({ path }, app) => {
  await deleteFlow(app, path.flowId);
  return undefined;
});
