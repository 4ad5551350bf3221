import * as z from 'zod/mini';
import { defineJob } from '../jobs/kind.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import { indexPartition } from '../table/keys.ts';
import { textIndexKind } from './job-kinds.ts';
import { bringTextUpToDate } from './project.ts';

const recordsPerSlice = 50;
const Position = z.record(z.string(), z.string());
const Listed = z.object({ id: z.string() });

/**
 * Writes the text rows of every live record of a type, as the type's schema has them now; rows that are right stay. The records are read
 * by the index rows of their date of creation, which every live one has from its first transaction on; one that is created meanwhile is
 * the projector's business.
 */
export const textIndex = defineJob({
  kind: textIndexKind,
  input: z.object({ objectType: z.string() }),
  cursor: Position,
  slice: async (app, { input: { objectType }, cursor }) => {
    const { createdProperty } = await loadObjectType(app, objectType);
    const { items, lastKey } = await app.table.query(
      {
        pk: indexPartition(objectType, createdProperty),
        limit: recordsPerSlice,
        ...(cursor && { startAfter: cursor }),
      },
      Listed,
    );
    await bringTextUpToDate(
      app,
      items.map(({ id }) => ({ objectType, id })),
    );
    return {
      done: lastKey === undefined,
      processed: items.length,
      ...(lastKey && { cursor: Position.parse(lastKey) }),
    };
  },
});
