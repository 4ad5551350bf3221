import * as z from 'zod/mini';
import type { App } from '../../core/app.ts';
import { findState, follow } from './follow.ts';
import { findListener } from './read-store.ts';

/** Time alone may have changed whether a record is in a list. */
export const DueCheck = z.object({
  listId: z.string(),
  objectType: z.string(),
  recordId: z.string(),
  dueAt: z.string(),
});
export type DueCheck = z.output<typeof DueCheck>;

/** Looks at the record for the list again, unless that was done since and something else was found to be due. Safe to repeat. */
export async function checkDue(app: App, { listId, objectType, recordId: id, dueAt }: DueCheck): Promise<void> {
  const state = await findState(app, objectType, id, listId);
  if (state?.dueAt !== dueAt) return;
  const listener = await findListener(app, listId);
  // The clocks of two machines differ: what is due is looked at as it is at that time at least.
  const then = { ...app, now: () => [app.now(), dueAt].toSorted().at(-1) ?? dueAt };
  if (listener) await follow(then, [{ listener, id, cause: [] }]);
}
