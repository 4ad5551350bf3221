import { handle } from '../../lib/core/handle.ts';
import { readPipeline } from '../../lib/pipelines/reads.ts';
import { rulesOf } from '../../lib/pipelines/rules.ts';
import { pipelines } from './operations.ts';

export const handler = handle(pipelines.getRules, async ({ path }, app) => rulesOf(await readPipeline(app, path)));
