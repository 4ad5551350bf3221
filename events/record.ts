import * as z from 'zod/mini';
import { Changes, defineEvent, Explain } from './define.ts';

/** A record of any type came into being; `changes` holds every property with `from` null. `explain` is there when a sync made it. */
export const RecordCreated = defineEvent('record.created', 1, { changes: Changes, explain: z.optional(Explain) });

/** Properties of a record changed; only those that really did are in `changes`. `explain` is there when a sync changed them. */
export const RecordUpdated = defineEvent('record.updated', 1, { changes: Changes, explain: z.optional(Explain) });

/** A record went to the archive (HubSpot's delete); it can be restored for 90 days. */
export const RecordArchived = defineEvent('record.archived', 1, { changes: Changes, archivedAt: z.string() });
