import { findActor } from '../../lib/conversations/actors.ts';
import { CrmError } from '../../lib/core/errors.ts';
import { handle } from '../../lib/core/handle.ts';
import { conversations } from './operations.ts';

export const handler = handle(conversations.getActor, async ({ path }, app) => {
  const actor = await findActor(app, path.actorId);
  if (!actor) throw new CrmError('OBJECT_NOT_FOUND', `No actor with ID ${path.actorId} exists`);
  return actor;
});
