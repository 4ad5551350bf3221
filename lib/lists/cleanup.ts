import * as z from 'zod/mini';
import { defineJob } from '../jobs/kind.ts';
import { attributes } from '../table/conditions.ts';
import { listKey, listPartition, memberPrefix, membershipKey } from '../table/list-keys.ts';
import { cleanupKind } from './job-kinds.ts';
import { findList } from './store.ts';

/** Two rows for a member, in one transaction of a hundred. */
const rowsPerSlice = 50;

const Row = z.object({ pk: z.string(), sk: z.string() });

/**
 * Takes away the rows of a deleted list, its members' on both sides, and at last the list. It begins when the time for a restore is
 * over; one that was restored stays as it is. Its id is never given again, so a repeat finds less, or nothing.
 */
export const listCleanup = defineJob({
  kind: cleanupKind,
  input: z.object({ listId: z.string(), objectTypeId: z.string(), deletedAt: z.string() }),
  cursor: z.unknown(),
  slice: async (app, { input: { listId, objectTypeId, deletedAt } }) => {
    const list = await findList(app, listId);
    if (list?.deletedAt !== deletedAt) return { done: true, processed: 0 };
    const { items } = await app.table.query({ pk: listPartition(listId), limit: rowsPerSlice }, Row);
    const rows = items.filter(({ sk }) => sk !== listKey(listId).sk);
    if (rows.length === 0) {
      await app.table.commit([{ remove: listKey(listId), when: attributes({ deletedAt }) }]);
      return { done: true, processed: 1 };
    }
    const keys = rows.flatMap(({ pk, sk }) =>
      sk.startsWith(memberPrefix)
        ? [{ pk, sk }, membershipKey({ objectType: objectTypeId, id: sk.slice(memberPrefix.length) }, listId)]
        : [{ pk, sk }],
    );
    await app.table.commit(keys.map((key) => ({ remove: key })));
    return { done: false, processed: rows.length };
  },
});
