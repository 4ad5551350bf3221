import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { listFlows } from '../../lib/flows/store.ts';
import { flows } from './operations.ts';

export const handler = handle(flows.list, async ({ query, request }, app) => {
  const { results, after } = await listFlows(app, query);
  return pageOf(results, after, request);
});
