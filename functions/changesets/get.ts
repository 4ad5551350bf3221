import { viewChangeSet } from '../../lib/changesets/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { nextPage } from '../../lib/core/page.ts';
import { changesets } from './operations.ts';

export const handler = handle(changesets.get, async ({ path, query: { after, limit }, request }, app) => {
  const page = await viewChangeSet(app, path.changeSetId, { limit, ...(after && { after }) });
  return { ...page.view, ...nextPage(page.after, request) };
});
