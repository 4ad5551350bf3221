import { handle } from '../../lib/core/handle.ts';
import { readChanges } from '../../lib/pipelines/reads.ts';
import { pipelines } from './operations.ts';

export const handler = handle(pipelines.audit, async ({ path }, app) => ({
  results: [...(await readChanges(app, path))],
}));
