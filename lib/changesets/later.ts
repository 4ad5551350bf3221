import * as z from 'zod/mini';
import { Changes } from '../../events/define.ts';
import { RecordArchived, RecordCreated, RecordMerged, RecordRestored, RecordUnmerged } from '../../events/record.ts';
import type { App } from '../core/app.ts';
import { eventKey, eventPrefix, type RecordRef } from '../table/keys.ts';
import type { Family } from './family.ts';

/** An event as the log has it, with what an undo needs to know of it. */
export const LoggedEvent = z.object({
  type: z.string(),
  detail: z.object({
    id: z.string(),
    changeSetId: z.optional(z.string()),
    changes: z.optional(Changes),
    toObjectType: z.optional(z.string()),
    toRecordId: z.optional(z.string()),
    typeIds: z.optional(z.array(z.number())),
    before: z.optional(z.array(z.number())),
    remaining: z.optional(z.array(z.number())),
    restored: z.optional(z.boolean()),
    listId: z.optional(z.string()),
    role: z.optional(z.enum(['SURVIVOR', 'MERGED'])),
    otherRecordId: z.optional(z.string()),
    aliases: z.optional(z.record(z.string(), z.array(z.string()))),
  }),
});
export type LoggedEvent = z.output<typeof LoggedEvent>;

/** What happened to a record from an event on. */
export type Later = {
  /** The value that the family gave to each property last. */
  readonly left: ReadonlyMap<string, string | null>;
  /** What others did since. */
  readonly properties: ReadonlySet<string>;
  readonly pairs: ReadonlySet<string>;
  readonly lists: ReadonlySet<string>;
  /** Others sent it to the archive, brought it back, merged it or took that back. */
  readonly moved: boolean;
};

const moves: ReadonlySet<string> = new Set<string>([
  RecordArchived.type,
  RecordRestored.type,
  RecordMerged.type,
  RecordUnmerged.type,
]);

export const pairName = ({ objectType, id }: RecordRef) => `${objectType}#${id}`;

/** Reads the log from an event on, to its end, so that nothing that was done since is overlooked. */
export async function laterThan(app: App, record: RecordRef, eventId: string, family: Family): Promise<Later> {
  const left = new Map<string, string | null>();
  const [properties, pairs, lists] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let moved = false;
  let startAfter: Record<string, unknown> | undefined;
  do {
    const page = await app.table.query({ ...range(record, eventId), ...(startAfter && { startAfter }) }, LoggedEvent);
    for (const { type, detail } of page.items) {
      const own = await family(detail.changeSetId);
      for (const [name, [, to]] of Object.entries(detail.changes ?? {})) {
        if (own) left.set(name, to);
        else if (type !== RecordCreated.type) properties.add(name);
      }
      if (own) continue;
      if (detail.toObjectType !== undefined && detail.toRecordId !== undefined && !detail.restored)
        pairs.add(pairName({ objectType: detail.toObjectType, id: detail.toRecordId }));
      if (detail.listId !== undefined) lists.add(detail.listId);
      moved ||= moves.has(type);
    }
    startAfter = page.lastKey;
  } while (startAfter);
  return { left, properties, pairs, lists, moved };
}

function range(record: RecordRef, eventId: string) {
  const { pk, sk } = eventKey(record, eventId);
  return { pk, from: sk, to: `${eventPrefix}~` };
}
