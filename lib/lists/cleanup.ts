import * as z from 'zod/mini';
import { defineJob } from '../jobs/kind.ts';
import { memberKey, membershipKey } from '../table/list-keys.ts';
import { cleanupKind } from './job-kinds.ts';
import { membersOf } from './store.ts';

/** Two rows each, in one transaction of a hundred. */
const membersPerSlice = 50;

/** Takes away the rows of a deleted list's members, on both sides. Its id is never given again, so a repeat finds less, or nothing. */
export const listCleanup = defineJob({
  kind: cleanupKind,
  input: z.object({ listId: z.string(), objectTypeId: z.string() }),
  cursor: z.unknown(),
  slice: async (app, { input: { listId, objectTypeId } }) => {
    const { members } = await membersOf(app, listId, { limit: membersPerSlice });
    const keys = members.flatMap(({ recordId }) => [
      memberKey(listId, recordId),
      membershipKey({ objectType: objectTypeId, id: recordId }, listId),
    ]);
    await app.table.commit(keys.map((key) => ({ remove: key })));
    return { done: members.length === 0, processed: members.length };
  },
});
