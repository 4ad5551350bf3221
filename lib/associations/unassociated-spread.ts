import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { defineJob } from '../jobs/kind.ts';
import { associationPrefix, type RecordRef, recordKey } from '../table/keys.ts';
import { detachedPrefix } from '../table/list-state-keys.ts';
import { reconsider } from './unassociated.ts';
import { unassociatedSpreadKind } from './unassociated-job-kinds.ts';

const Pair = z.object({ toId: z.string() });
const Place = z.object({
  way: z.enum(['associated', 'detached']),
  after: z.optional(z.record(z.string(), z.string())),
});
type Place = z.output<typeof Place>;
const perSlice = 100;

/** A page of the records of a type that are, or were until it was archived, associated with a record. */
export async function othersPage(
  app: App,
  record: RecordRef,
  objectType: string,
  { way, after }: Place = { way: 'associated' },
  limit = perSlice,
): Promise<{ readonly refs: RecordRef[]; readonly next?: Place }> {
  const prefix = way === 'associated' ? associationPrefix(objectType) : detachedPrefix(objectType);
  const query = { pk: recordKey(record).pk, prefix, limit, ...(after && { startAfter: after }) };
  const { items, lastKey } = await app.table.query(query, Pair);
  const refs = items.map(({ toId }) => ({ objectType, id: toId }));
  if (lastKey) return { refs, next: Place.parse({ way, after: lastKey }) };
  if (way === 'detached') return { refs };
  const rest = limit - refs.length;
  if (rest <= 0) return { refs, next: { way: 'detached' } };
  const detached = await othersPage(app, record, objectType, { way: 'detached' }, rest);
  return { ...detached, refs: [...refs, ...detached.refs] };
}

/** Looks at all records that are associated with one that many are associated with. */
export const unassociatedSpread = defineJob({
  kind: unassociatedSpreadKind,
  input: z.object({ record: z.object({ objectType: z.string(), id: z.string() }), objectType: z.string() }),
  cursor: Place,
  slice: async (app, { input: { record, objectType }, cursor }) => {
    const { refs, next } = await othersPage(app, record, objectType, cursor);
    await reconsider(app, refs);
    return { done: next === undefined, processed: refs.length, ...(next && { cursor: next }) };
  },
});
