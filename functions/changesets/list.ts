import { listChangeSets, toPublicChangeSet } from '../../lib/changesets/public.ts';
import { handle } from '../../lib/core/handle.ts';
import { pageOf } from '../../lib/core/page.ts';
import { changesets } from './operations.ts';

export const handler = handle(changesets.list, async ({ query: { kind, after, limit }, request }, app) => {
  const page = await listChangeSets(app, { limit, ...(kind && { kind }), ...(after && { after }) });
  return pageOf(page.changeSets.map(toPublicChangeSet), page.after, request);
});
