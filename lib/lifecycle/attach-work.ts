import * as z from 'zod/mini';
import { attachSome } from '../associations/attach.ts';
import { defineJob } from '../jobs/kind.ts';
import { attachKind } from './job-kinds.ts';

/** Each pair is a transaction of its own. */
const pairsPerSlice = 20;

/** Brings back the associations that the archive put aside, of a record and of those that were merged into it. */
export const attachAssociations = defineJob({
  kind: attachKind,
  input: z.object({ objectType: z.string(), ids: z.array(z.string()) }),
  cursor: z.object({ position: z.number(), after: z.optional(z.string()) }),
  slice: async (app, { input: { objectType, ids }, cursor = { position: 0 } }) => {
    const { position } = cursor;
    const id = ids[position];
    if (id === undefined) return { done: true, processed: 0 };
    const { processed, after } = await attachSome(
      app,
      { objectType, id },
      { limit: pairsPerSlice, after: cursor.after },
    );
    const next = after === undefined ? { position: position + 1 } : { position, after };
    return next.position === ids.length ? { done: true, processed } : { done: false, processed, cursor: next };
  },
});
