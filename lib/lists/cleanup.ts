import * as z from 'zod/mini';
import { defineJob } from '../jobs/kind.ts';
import { attributes } from '../table/conditions.ts';
import { listKey, listPartition, memberPrefix, membershipKey } from '../table/list-keys.ts';
import { ConditionFailed } from '../table/table.ts';
import { cleanupKind } from './job-kinds.ts';
import { findList } from './store.ts';

/** Two rows for a member, in one transaction of a hundred. */
const rowsPerSlice = 50;

const Row = z.object({ pk: z.string(), sk: z.string() });

/**
 * Takes away a deleted list for good when its time for a restore is over, then its rows, and its members' on both sides. One that was
 * restored meanwhile stays as it is. Its id is never given again, so a repeat finds less, or nothing.
 */
export const listCleanup = defineJob({
  kind: cleanupKind,
  input: z.object({ listId: z.string(), objectTypeId: z.string(), deletedAt: z.string() }),
  cursor: z.unknown(),
  slice: async (app, { input: { listId, objectTypeId, deletedAt } }) => {
    const list = await findList(app, listId);
    if (list && list.deletedAt !== deletedAt) return { done: true, processed: 0 };
    try {
      if (list) await app.table.commit([{ remove: listKey(listId), when: attributes({ deletedAt }) }]);
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      return { done: true, processed: 0 };
    }
    const { items } = await app.table.query({ pk: listPartition(listId), limit: rowsPerSlice }, Row);
    const keys = items.flatMap(({ pk, sk }) =>
      sk.startsWith(memberPrefix)
        ? [{ pk, sk }, membershipKey({ objectType: objectTypeId, id: sk.slice(memberPrefix.length) }, listId)]
        : [{ pk, sk }],
    );
    await app.table.commit(keys.map((key) => ({ remove: key })));
    return { done: items.length === 0, processed: items.length };
  },
});
