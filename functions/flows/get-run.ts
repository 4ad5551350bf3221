import { handle } from '../../lib/core/handle.ts';
import { readRunDetails } from '../../lib/flows/run-details.ts';
import { flows } from './operations.ts';

export const handler = handle(flows.getRun, async ({ path }, app) => readRunDetails(app, path.flowId, path.runId));
