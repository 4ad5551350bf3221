import { handle } from '../../lib/core/handle.ts';
import { pageOf, sliceOf } from '../../lib/core/page.ts';
import { toPublicOwner } from '../../lib/owners/owner.ts';
import { listOwners, readOwnerByEmail } from '../../lib/owners/store.ts';
import { owners } from './operations.ts';

export const handler = handle(owners.list, async ({ query, request }, app) => {
  const found =
    query.email === undefined
      ? await listOwners(app)
      : [await readOwnerByEmail(app, query.email)].filter((owner) => owner !== undefined);
  const { results, after } = sliceOf(
    found.filter(({ archived }) => archived === query.archived),
    query.after,
    query.limit,
  );
  return pageOf(results.map(toPublicOwner), after, request);
});
