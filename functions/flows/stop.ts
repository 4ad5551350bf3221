import { handle } from '../../lib/core/handle.ts';
import { stopFlow } from '../../lib/flows/edit.ts';
import { toPublicFlow } from '../../lib/flows/schema.ts';
import { flows } from './operations.ts';

export const handler = handle(flows.stop, async ({ path }, app) => toPublicFlow(await stopFlow(app, path.flowId)));
