import { handle } from '../../lib/core/handle.ts';
import { toPublicFlow } from '../../lib/flows/schema.ts';
import { readFlow } from '../../lib/flows/store.ts';
import { flows } from './operations.ts';

export const handler = handle(flows.get, async ({ path }, app) => toPublicFlow(await readFlow(app, path.flowId)));
