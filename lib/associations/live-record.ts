import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { type RecordRef, recordKey } from '../table/keys.ts';

const Stored = z.object({ archivedAt: z.optional(z.string()), mergedInto: z.optional(z.string()) });

/** What is under an id now. `MERGED` is never said: the answer is of the record that it is one with. */
export type Whereabouts = { readonly ref: RecordRef; readonly state: 'ALIVE' | 'ARCHIVED' | 'GONE' };

/** More merges in a row than a record may have. */
const mostHops = 300;

/** Follows the merges of a record to the one that it is one with, and says whether that is alive. */
export async function whereIs(app: App, record: RecordRef): Promise<Whereabouts> {
  let ref = record;
  for (let hops = 0; hops < mostHops; hops += 1) {
    const stored = await app.table.get(recordKey(ref), Stored);
    if (!stored) return { ref, state: 'GONE' };
    if (stored.mergedInto === undefined) return { ref, state: stored.archivedAt === undefined ? 'ALIVE' : 'ARCHIVED' };
    ref = { objectType: ref.objectType, id: stored.mergedInto };
  }
  return { ref, state: 'GONE' };
}
