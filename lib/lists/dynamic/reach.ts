import * as z from 'zod/mini';
import type { App } from '../../core/app.ts';
import { loadObjectType } from '../../objects/definition-store.ts';
import { indexValueOf } from '../../objects/index-value.ts';
import { associationPrefix, indexKey, indexPartition, type RecordRef, recordKey } from '../../table/keys.ts';
import { detachedPrefix } from '../../table/list-state-keys.ts';
import type { Hop } from './listener.ts';

const Pair = z.object({ toId: z.string() });
const Indexed = z.object({ id: z.string() });

/** Where a page ended, as the table says it. */
export const ReachedAfter = z.record(z.string(), z.string());
export type ReachedAfter = z.output<typeof ReachedAfter>;
type Page = { readonly refs: readonly RecordRef[]; readonly after?: ReachedAfter };

/** A page of the records that a step leads to, as they are now. */
export async function hopPage(
  app: App,
  from: RecordRef,
  hop: Hop,
  { after, limit }: { readonly after?: ReachedAfter | undefined; readonly limit: number },
): Promise<Page> {
  const { toObjectType } = hop;
  const position = { limit, ...(after && { startAfter: after }) };
  if (hop.by === 'property') {
    const property = (await loadObjectType(app, toObjectType)).properties.get(hop.property);
    const ordered = property && indexValueOf(property, from.id);
    if (ordered === undefined) return { refs: [] };
    const prefix = indexKey(toObjectType, hop.property, ordered, '').sk;
    const page = await app.table.query(
      { pk: indexPartition(toObjectType, hop.property), prefix, ...position },
      Indexed,
    );
    return pageOf(
      toObjectType,
      page.items.map(({ id }) => id),
      page.lastKey,
    );
  }
  const prefix = hop.by === 'detached' ? detachedPrefix(toObjectType) : associationPrefix(toObjectType);
  const page = await app.table.query({ pk: recordKey(from).pk, prefix, ...position }, Pair);
  return pageOf(
    toObjectType,
    page.items.map(({ toId }) => toId),
    page.lastKey,
  );
}

const pageOf = (objectType: string, ids: readonly string[], lastKey: Record<string, unknown> | undefined): Page => ({
  refs: ids.map((id) => ({ objectType, id })),
  ...(lastKey && { after: ReachedAfter.parse(lastKey) }),
});

/** The ids of the records at the end of a way; undefined when there are more than `most`. */
export async function reach(
  app: App,
  from: RecordRef,
  path: readonly Hop[],
  most: number,
): Promise<ReadonlySet<string> | undefined> {
  const [hop, ...rest] = path;
  if (!hop) return new Set([from.id]);
  const found = new Set<string>();
  let after: ReachedAfter | undefined;
  do {
    const page = await hopPage(app, from, hop, { after, limit: most + 1 });
    for (const ref of page.refs) {
      const further = await reach(app, ref, rest, most);
      for (const id of further ?? []) found.add(id);
      if (!further || found.size > most) return undefined;
    }
    after = page.after;
  } while (after);
  return found;
}
