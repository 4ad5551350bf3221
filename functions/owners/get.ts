import { CrmError } from '../../lib/core/errors.ts';
import { handle } from '../../lib/core/handle.ts';
import { toPublicOwner } from '../../lib/owners/owner.ts';
import { readOwner } from '../../lib/owners/store.ts';
import { owners } from './operations.ts';

/** `idProperty` changes nothing: an owner's id is the number of its user. */
export const handler = handle(owners.get, async ({ path, query }, app) => {
  const owner = await readOwner(app, path.ownerId);
  if (!owner || owner.archived !== query.archived) throw new CrmError('OBJECT_NOT_FOUND', 'resource not found');
  return toPublicOwner(owner);
});
