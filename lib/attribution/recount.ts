import * as z from 'zod/mini';
import { defineJob } from '../jobs/kind.ts';
import { archivedPage, ListedAfter, livePage } from '../objects/record-pages.ts';
import { bringAttributionUpToDate } from './apply.ts';
import { attributionRecountKind } from './job-kinds.ts';

const recordsPerSlice = 200;
/** Every contact and deal, those in the archive last: they may have to be taken out. */
const walks = [
  { objectType: '0-1', createdProperty: 'createdate', archived: false },
  { objectType: '0-3', createdProperty: 'createdate', archived: false },
  { objectType: '0-1', createdProperty: 'createdate', archived: true },
  { objectType: '0-3', createdProperty: 'createdate', archived: true },
] as const;

const Cursor = z.object({ walk: z.number(), after: z.optional(ListedAfter) });

/** Looks at all contacts and deals again: for those from before the attribution was kept, and when events were lost. It runs beside the projector. */
export const attributionRecount = defineJob({
  kind: attributionRecountKind,
  input: z.object({}),
  cursor: Cursor,
  slice: async (app, { cursor = { walk: 0 } }) => {
    const walk = walks[cursor.walk];
    if (!walk) return { done: true, processed: 0 };
    const page = { limit: recordsPerSlice, ...(cursor.after && { after: cursor.after }) };
    const { refs, after } = await (walk.archived ? archivedPage : livePage)(app, walk, page);
    await bringAttributionUpToDate(app, refs);
    const next = after ? { walk: cursor.walk, after } : { walk: cursor.walk + 1 };
    return { done: next.walk === walks.length, processed: refs.length, cursor: next };
  },
});
