import { handle } from '../../lib/core/handle.ts';
import { setRules } from '../../lib/pipelines/rules.ts';
import { pipelines } from './operations.ts';

export const handler = handle(pipelines.setRules, async ({ path, body }, app) => setRules(app, path, body));
