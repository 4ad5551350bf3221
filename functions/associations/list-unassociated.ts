import { unassociatedPage } from '../../lib/associations/unassociated-list.ts';
import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { associations } from './operations.ts';

export const handler = handle(associations.listUnassociated, async ({ query, request }, app) => {
  const { results, after } = await unassociatedPage(app, query);
  return pageOf(results, after, request);
});
