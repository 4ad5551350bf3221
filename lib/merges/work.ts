import * as z from 'zod/mini';
import { completeChangeSetWrites } from '../changesets/store.ts';
import type { App } from '../core/app.ts';
import { defineJob, type Slice } from '../jobs/kind.ts';
import { moveKind } from '../lifecycle/job-kinds.ts';
import { moveAssociations } from './move.ts';
import { moveMemberships } from './move-memberships.ts';

/** Each is a transaction of its own. */
const perSlice = 20;

const MoveInput = z.object({
  objectType: z.string(),
  fromId: z.string(),
  toId: z.string(),
  changeSetId: z.string(),
  /** The change set is this merge alone: it is complete when everything is moved. */
  ownSet: z.boolean(),
});
const Cursor = z.object({ lists: z.boolean(), after: z.optional(z.string()) });
type Cursor = z.output<typeof Cursor>;

/** Moves what hangs on a merged record to the survivor: associations, then memberships of lists that people fill. */
export const mergeMove = defineJob({
  kind: moveKind,
  input: MoveInput,
  cursor: Cursor,
  slice: (app, { input, cursor }) => moveSlice(app, input, cursor),
});

async function moveSlice(
  app: App,
  input: z.output<typeof MoveInput>,
  cursor: Cursor | undefined,
): Promise<Slice<Cursor>> {
  const { objectType, fromId, toId, changeSetId, ownSet } = input;
  const own: App = { ...app, changeSetId };
  const move = { from: { objectType, id: fromId }, to: { objectType, id: toId } };
  if (!cursor?.lists) {
    const moved = await moveAssociations(own, move, perSlice);
    const next = { lists: moved === 0 };
    return { done: false, processed: moved, counts: { associations: moved }, cursor: next };
  }
  const { processed, after } = await moveMemberships(own, move, { limit: perSlice, after: cursor.after });
  const done = after === undefined;
  return {
    done,
    processed,
    counts: { memberships: processed },
    ...(done
      ? ownSet && { also: await completeChangeSetWrites(app, changeSetId) }
      : { cursor: { lists: true, after } }),
  };
}
