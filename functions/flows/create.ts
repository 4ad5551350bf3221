import { handle } from '../../lib/core/handle.ts';
import { createFlow } from '../../lib/flows/create.ts';
import { toPublicFlow } from '../../lib/flows/schema.ts';
import { flows } from './operations.ts';

export const handler = handle(flows.create, async ({ body }, app) => toPublicFlow(await createFlow(app, body)));
