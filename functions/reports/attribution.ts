import { readAttribution } from '../../lib/attribution/query.ts';
import { handle } from '../../lib/core/handle.ts';
import { reports } from './operations.ts';

export const handler = handle(reports.attribution, async ({ query }, app) => readAttribution(app, query));
