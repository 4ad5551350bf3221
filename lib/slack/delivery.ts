import * as z from 'zod/mini';
import { type Entry, EntryState } from '../outgoing/entry.ts';

/** A post as the API shows it. */
export const PublicDelivery = z.object({
  id: z.string(),
  state: EntryState,
  text: z.string(),
  attempts: z.number(),
  reason: z.optional(z.string()),
  retryAt: z.optional(z.string()),
  flowId: z.optional(z.string()),
  runId: z.optional(z.string()),
  objectTypeId: z.string(),
  objectId: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
});

export const toPublicDelivery = (entry: Entry): z.input<typeof PublicDelivery> => ({
  id: entry.id,
  state: entry.state,
  text: String(entry.content.text ?? ''),
  attempts: entry.attempts,
  ...(entry.origin.flowId !== undefined && { flowId: entry.origin.flowId }),
  ...(entry.origin.runId !== undefined && { runId: entry.origin.runId }),
  objectTypeId: entry.origin.objectType,
  objectId: entry.origin.recordId,
  createdAt: entry.createdAt,
  updatedAt: entry.updatedAt,
  ...(entry.reason !== undefined && { reason: entry.reason }),
  ...(entry.state === 'RETRY' && entry.retryAt !== undefined && { retryAt: new Date(entry.retryAt).toISOString() }),
});
