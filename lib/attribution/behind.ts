import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { CrmRecord } from '../objects/record.ts';
import { attributionListing, attributionRowKey } from '../table/attribution-keys.ts';
import { recordKey } from '../table/keys.ts';
import { contacts, deals } from './apply.ts';
import { Figures } from './place.ts';
import { type AttributionRecordsQuery, periodOf } from './query.ts';

const Listed = z.object({ pk: z.string(), sk: z.string(), gsi1sk: z.string() });
const Row = z.object({
  pk: z.string(),
  day: z.optional(z.string()),
  key: z.optional(z.string()),
  figures: z.optional(Figures),
});

/** Rows of one request: of a key with many visitors and few customers, a page may be short and have a next one. */
const mostRead = 1000;
const afterAll = '\u{10ffff}';

export const typeBehind = ({ figure }: Pick<AttributionRecordsQuery, 'figure'>) =>
  figure === 'revenue' ? deals : contacts;

/**
 * A page of the records behind a figure, by the day of the first touch: the contacts, or the deals whose amounts make the revenue. Only those
 * whose row says so at this moment are shown; the list follows the figures within a moment.
 */
export async function recordsBehindAttribution(
  app: App,
  query: AttributionRecordsQuery,
): Promise<{ readonly records: CrmRecord[]; readonly after?: string }> {
  const { by, key, figure, limit } = query;
  const { from, to } = periodOf(query, app.now());
  const objectType = typeBehind(query);
  const pk = attributionListing(by, key, objectType);
  const bounds = { pk, index: 'gsi1' as const, from, to: `${to}#${afterAll}`, limit: Math.max(limit, 100) };
  const found: CrmRecord[] = [];
  let place = query.after === undefined ? undefined : readPlace(query.after);
  for (let read = 0; read < mostRead && found.length < limit; ) {
    const startAfter = place && {
      ...attributionRowKey({ objectType, id: idOf(place) }, by),
      gsi1pk: pk,
      gsi1sk: place,
    };
    const page = await app.table.query({ ...bounds, ...(startAfter && { startAfter }) }, Listed);
    const rows = new Map((await app.table.getMany(page.items, Row)).map((row) => [row.pk, row]));
    const fitting = page.items.filter(({ pk, gsi1sk }) => {
      const row = rows.get(pk);
      return row?.key === key && gsi1sk === `${row.day}#${idOf(gsi1sk)}` && (row.figures?.[counted(figure)] ?? 0) > 0;
    });
    const taken = fitting.slice(0, limit - found.length);
    found.push(
      ...(await inOrder(
        app,
        taken.map(({ gsi1sk }) => ({ objectType, id: idOf(gsi1sk) })),
      )),
    );
    read += page.items.length;
    const more = taken.length < fitting.length;
    place = more ? taken.at(-1)?.gsi1sk : page.lastKey && page.items.at(-1)?.gsi1sk;
    if (place === undefined) return { records: found };
    if (more) break;
  }
  return place === undefined ? { records: found } : { records: found, after: Buffer.from(place).toString('base64url') };
}

const counted = (figure: AttributionRecordsQuery['figure']) => (figure === 'revenue' ? 'deals' : figure);
const idOf = (place: string) => place.slice(place.indexOf('#') + 1);

function readPlace(after: string): string {
  const place = Buffer.from(after, 'base64url').toString('utf8');
  if (/^\d{4}-\d{2}-\d{2}#\d+$/.test(place)) return place;
  throw new CrmError('VALIDATION_ERROR', `after: ${after} is no cursor of this API`, { context: { after: [after] } });
}

async function inOrder(
  app: App,
  refs: readonly { readonly objectType: string; readonly id: string }[],
): Promise<CrmRecord[]> {
  const records = await app.table.getMany(refs.map(recordKey), CrmRecord);
  const byId = new Map(records.map((record) => [record.id, record]));
  return refs.flatMap(({ id }) => byId.get(id) ?? []).filter(({ archivedAt }) => archivedAt === undefined);
}
