import * as z from 'zod/mini';
import { Changes, defineEvent, Explain } from './define.ts';

/** A record of any type came into being; `changes` holds every property with `from` null. `explain` is there when a sync made it. */
export const RecordCreated = defineEvent('record.created', 1, { changes: Changes, explain: z.optional(Explain) });

/** Properties of a record changed; only those that really did are in `changes`. `explain` is there when a sync changed them. */
export const RecordUpdated = defineEvent('record.updated', 1, { changes: Changes, explain: z.optional(Explain) });

/** A record went to the archive (HubSpot's delete); it can be restored for 90 days. */
export const RecordArchived = defineEvent('record.archived', 1, { changes: Changes, archivedAt: z.string() });

/** A record came back from the archive, where it had been since `archivedAt`. */
export const RecordRestored = defineEvent('record.restored', 1, { changes: Changes, archivedAt: z.string() });

const merge = {
  /** What changed on the record of the envelope: the survivor's blanks that were filled; nothing on the other one. */
  changes: Changes,
  role: z.enum(['SURVIVOR', 'MERGED']),
  /** The other one of the two. */
  otherRecordId: z.string(),
  /** By property: unique values of the merged record that lead to the survivor besides its own. */
  aliases: z.record(z.string(), z.array(z.string())),
};

/** Two records became one. It stands in the log of each: that of the survivor, and that of the one which is now found under it. */
export const RecordMerged = defineEvent('record.merged', 1, merge);

/** A merge was taken back: both records are there again. In the log of each. */
export const RecordUnmerged = defineEvent('record.unmerged', 1, merge);

/** A record was erased for good, with what its log said. Nothing personal is in this event. */
export const RecordErased = defineEvent('record.erased', 1, { wasArchived: z.boolean() });
