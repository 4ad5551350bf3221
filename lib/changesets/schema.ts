import * as z from 'zod/mini';
import { Actor } from '../../events/define.ts';

export const ChangeSetKind = z.enum(['IMPORT', 'BULK_EDIT', 'NAME_FIX', 'MERGE', 'UNDO', 'WORKFLOW']);
export type ChangeSetKind = z.output<typeof ChangeSetKind>;

/** `OPEN`: its work is not over, more changes may come. `UNDOING` and `UNDONE`: somebody asked to take it back. */
const ChangeSetStatus = z.enum(['OPEN', 'COMPLETE', 'UNDOING', 'UNDONE']);

/** Changes that were made together and can be undone together. What it changed stands in its rows, written with each change. */
export const ChangeSet = z.object({
  id: z.string(),
  kind: ChangeSetKind,
  title: z.string(),
  author: Actor,
  createdAt: z.string(),
  status: ChangeSetStatus,
  /** The job that makes the changes, where one does. */
  jobId: z.optional(z.string()),
  undoJobId: z.optional(z.string()),
  /** The change set that took this one back. */
  undoneBy: z.optional(z.string()),
  /** The change set that this one took back. */
  undoes: z.optional(z.string()),
  version: z.number(),
});
export type ChangeSet = z.output<typeof ChangeSet>;
