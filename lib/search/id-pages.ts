import * as z from 'zod/mini';
import { listAssociated } from '../associations/store.ts';
import type { App } from '../core/app.ts';
import type { ObjectType } from '../objects/definition.ts';
import { UniqueRow } from '../objects/read-store.ts';
import { uniqueValueOf } from '../objects/unique-value.ts';
import { indexPartition, recordKey, typeListing, uniqueKey } from '../table/keys.ts';
import { textCandidates } from '../text/store.ts';
import type { Access, Range } from './plan.ts';

/** Ids in their order; `after`, unless it was the last page, is how far was looked. A page may be empty and have one. */
type IdPage = { readonly ids: readonly string[]; readonly after?: string; readonly looked: number };
export type IdPages = (after: string, limit: number) => Promise<IdPage>;

export const IndexRow = z.object({ sk: z.string(), id: z.string() });

/** One reader for each value, record or query of an access whose candidates come in the order of their ids. */
export function idPagesOf(app: App, type: ObjectType, access: Access): IdPages[] {
  const { objectTypeId } = type;
  switch (access.kind) {
    case 'ids':
      return [async () => known(access.ids.toSorted())];
    case 'unique':
      return [async () => known(await ownerOf(app, type, access))];
    case 'associated':
      return access.ids.map((id) => async (after, limit) => {
        const page = await listAssociated(app, { objectType: access.objectType, id }, objectTypeId, {
          limit,
          ...(after && { after }),
        });
        return { ids: page.items.map(({ to }) => to.id), ...pick(page.after), looked: page.items.length };
      });
    case 'text':
      return [
        async (after, limit) => {
          const page = await textCandidates(app, objectTypeId, access.query, { limit, ...(after && { after }) });
          return { ids: page.ids, ...pick(page.after), looked: limit };
        },
      ];
    case 'index':
      return access.ranges.map((range) => pointPages(app, indexPartition(objectTypeId, access.property), range));
  }
}

const pick = (after: string | undefined) => (after === undefined ? {} : { after });
const known = (ids: readonly string[]): IdPage => ({ ids, looked: ids.length });

async function ownerOf(
  app: App,
  type: ObjectType,
  { property, value }: Extract<Access, { kind: 'unique' }>,
): Promise<string[]> {
  const definition = type.properties.get(property);
  if (!definition) return [];
  const row = await app.table.get(uniqueKey(type.objectTypeId, property, uniqueValueOf(definition, value)), UniqueRow);
  return row ? [row.id] : [];
}

/** `!` stands below every digit, so that the id itself is left out. */
const pointPages =
  (app: App, pk: string, { from = '', to }: Range): IdPages =>
  async (after, limit) => {
    const start = after === '' ? from : `${from}${after}!`;
    const { items, lastKey } = await app.table.query({ pk, from: start, ...(to && { to }), limit }, IndexRow);
    const ids = items.map(({ id }) => id);
    return { ids, ...pick(lastKey && ids.at(-1)), looked: ids.length };
  };

const Listed = z.object({ id: z.string(), properties: z.record(z.string(), z.string()) });

/** The type's listing follows the records within a second as a rule; what was written in this time is looked up besides. */
const listingLagMs = 60_000;
const mostRecent = 1000;

/**
 * All live records of a type by id, upwards or downwards; with `lacking` those only that have no value of the property. The listing may be a moment late, so the
 * newest thousand of the records that were written in the last minute are always among them, by the index of the date of modification.
 */
export function listingPages(
  app: App,
  type: ObjectType,
  { lacking, descending = false }: { readonly lacking?: string; readonly descending?: boolean } = {},
): IdPages {
  const { objectTypeId: objectType } = type;
  const pk = typeListing(objectType, false);
  let recent: Promise<string[]> | undefined;
  return async (after, limit) => {
    recent ??= recentIds(app, type);
    const startAfter = after && { ...recordKey({ objectType, id: after }), gsi1pk: pk, gsi1sk: after };
    const { items, lastKey } = await app.table.query(
      { pk, index: 'gsi1', limit, descending, ...(startAfter && { startAfter }) },
      Listed,
    );
    const reach = lastKey ? (items.at(-1)?.id ?? after) : undefined;
    const listed = items.filter(({ properties }) => lacking === undefined || !properties[lacking]).map(({ id }) => id);
    const isPast = (id: string, place: string) => (descending ? id < place : id > place);
    const late = (await recent).filter(
      (id) => (after === '' || isPast(id, after)) && (reach === undefined || !isPast(id, reach)),
    );
    const ids = [...new Set([...listed, ...late])].toSorted();
    return { ids: descending ? ids.reverse() : ids, ...pick(reach), looked: items.length };
  };
}

async function recentIds(app: App, type: ObjectType): Promise<string[]> {
  const since = new Date(Date.parse(app.now()) - listingLagMs).toISOString();
  const { items } = await app.table.query(
    {
      pk: indexPartition(type.objectTypeId, type.modifiedProperty),
      from: since,
      descending: true,
      limit: mostRecent,
    },
    IndexRow,
  );
  return items.map(({ id }) => id);
}
