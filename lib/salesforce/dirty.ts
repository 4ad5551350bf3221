import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { attributes } from '../table/conditions.ts';
import { type RecordRef, salesforceDirtyKey, salesforceDirtyPartition, salesforceShards } from '../table/keys.ts';
import { orStale, type Step } from '../table/steps.ts';
import type { Write } from '../table/write.ts';

/** A record that the next run looks at. What changed, and when, is in its log. */
export const Dirty = z.object({
  objectType: z.string(),
  id: z.string(),
  /** Another one with each mark: who clears the row clears the mark that he saw. */
  stamp: z.string(),
  /** Look even when nothing of ours changed. */
  force: z.optional(z.boolean()),
  /** Tie it again although its record in Salesforce was deleted. */
  relink: z.optional(z.boolean()),
});
export type Dirty = z.output<typeof Dirty>;

/** Marks a record, whatever marks there are: never in conflict with another one. */
export const dirtyWrite = (
  app: App,
  { objectType, id }: RecordRef,
  how: Pick<Dirty, 'force' | 'relink'> = {},
): Write => ({
  update: salesforceDirtyKey({ objectType, id }),
  set: { entity: 'salesforce-dirty', objectType, id, stamp: app.newEventId(), ...how },
});

/** Takes the mark away that was seen; one that came since stays. */
export const cleanStep = (dirty: Dirty): Step =>
  orStale({ remove: salesforceDirtyKey(dirty), when: attributes({ stamp: dirty.stamp }) });

/** Marked records, at most `limit`, from all shards. */
export async function readDirty(app: App, limit: number): Promise<Dirty[]> {
  const found: Dirty[] = [];
  for (let shard = 0; shard < salesforceShards && found.length < limit; shard += 1) {
    let startAfter: Record<string, unknown> | undefined;
    do {
      const page = await app.table.query(
        { pk: salesforceDirtyPartition(shard), limit: limit - found.length, ...(startAfter && { startAfter }) },
        Dirty,
      );
      found.push(...page.items);
      startAfter = page.lastKey;
    } while (startAfter && found.length < limit);
  }
  return found;
}
