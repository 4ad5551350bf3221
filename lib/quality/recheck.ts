import * as z from 'zod/mini';
import { defineJob } from '../jobs/kind.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { attributes } from '../table/conditions.ts';
import { indexPartition } from '../table/keys.ts';
import { wordTurnKey } from '../table/quality-keys.ts';
import { nameRecheckKind } from './job-kinds.ts';
import { bringNamesUpToDate } from './up-to-date.ts';
import { readWordTurn } from './words-store.ts';

const contactsPerSlice = 100;
const Listed = z.object({ id: z.string() });
const Cursor = z.object({ turn: z.number(), after: z.optional(z.record(z.string(), z.string())) });

/**
 * Looks at every contact anew, because words were learned or forgotten. It runs beside the projector, and both do the same. When the
 * words change while it runs it begins again at the end, so that one job is enough however many words come.
 */
export const nameRecheck = defineJob({
  kind: nameRecheckKind,
  input: z.object({}),
  cursor: Cursor,
  slice: async (app, { cursor, job }) => {
    const turn = cursor?.turn ?? (await readWordTurn(app)).turn;
    const { createdProperty } = await loadObjectType(app, '0-1');
    const position = cursor?.after && { startAfter: cursor.after };
    const { items, lastKey } = await app.table.query(
      { pk: indexPartition('0-1', createdProperty), limit: contactsPerSlice, ...position },
      Listed,
    );
    const ids = items.map(({ id }) => id);
    if (ids.length > 0) await bringNamesUpToDate(app, ids);
    const processed = ids.length;
    if (lastKey)
      return { done: false, processed, cursor: { turn, after: z.parse(z.record(z.string(), z.string()), lastKey) } };
    const now = await readWordTurn(app);
    if (now.turn !== turn) return { done: false, processed, cursor: { turn: now.turn } };
    const end = { update: wordTurnKey, unset: ['jobId'], when: attributes({ turn, jobId: job.id }) };
    return { done: true, processed, ...(now.jobId === job.id && { also: [end] }) };
  },
});
