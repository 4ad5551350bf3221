import { handle } from '../../lib/core/handle.ts';
import { replaceFlow } from '../../lib/flows/edit.ts';
import { toPublicFlow } from '../../lib/flows/schema.ts';
import { flows } from './operations.ts';

export const handler = handle(flows.update, async ({ path, body }, app) =>
  toPublicFlow(await replaceFlow(app, path.flowId, body)),
);
