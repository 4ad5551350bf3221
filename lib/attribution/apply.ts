import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmRecord } from '../objects/record.ts';
import { attributionCellKey, attributionListing, attributionRowKey } from '../table/attribution-keys.ts';
import { absent, versionIs } from '../table/conditions.ts';
import { pause, StaleRead } from '../table/contention.ts';
import { inParallel } from '../table/in-parallel.ts';
import { associationKey, associationPrefix, type RecordRef, recordKey } from '../table/keys.ts';
import { commitMoves, type Delta, type Move } from '../table/moves.ts';
import type { Write } from '../table/write.ts';
import { type Dimension, dimensions, Place, placeOfContact, placeOfDeal } from './place.ts';

export const contacts = '0-1';
export const deals = '0-3';
/** Of a deal's contacts so many are looked at: the oldest ones. */
const mostContacts = 100;
const readsAtOnce = 8;
const mostTries = 20;

/** The row by source holds the whole place, and the turn of those who look at the record. */
export const PlaceRow = z.object({ pk: z.string(), version: z.number(), place: z.optional(Place) });
type PlaceRow = z.output<typeof PlaceRow>;

/**
 * Brings contacts and deals up to date in the attribution. Each is looked at as it is now, and its rows and the counters that move with them
 * change in one transaction, under the condition that nobody looked meanwhile: it does not matter how often, in which order or by how many at
 * once, and the counters are at every moment the sums of the rows.
 */
export async function bringAttributionUpToDate(app: App, refs: readonly RecordRef[]): Promise<void> {
  let left = [...new Map(refs.map((ref) => [recordKey(ref).pk, ref])).values()];
  for (let tries = 0; left.length > 0; tries += 1) {
    if (tries === mostTries) throw new StaleRead('Others looked at the same records all the time');
    if (tries > 0) await pause(tries);
    left = await commitMoves(app.table, await movesOf(app, left));
  }
}

async function movesOf(app: App, refs: readonly RecordRef[]): Promise<Move<RecordRef>[]> {
  const keys = refs.map((ref) => attributionRowKey(ref, 'source'));
  const stored = new Map((await app.table.getMany(keys, PlaceRow)).map((row) => [row.pk, row]));
  const places = await placesOf(app, refs);
  return refs.map((ref, position) => moveOf(ref, stored.get(recordKey(ref).pk), places[position]));
}

/** Where records belong now. The turn of each was read before. */
export async function placesOf(app: App, refs: readonly RecordRef[]): Promise<(Place | undefined)[]> {
  const records = await recordsOf(app, refs);
  return inParallel(refs, readsAtOnce, async (ref) => {
    const record = records.get(recordKey(ref).pk);
    if (ref.objectType === contacts) return placeOfContact(record);
    return record?.properties.hs_is_closed_won === 'true' ? placeOfDeal(record, await contactsOf(app, ref)) : undefined;
  });
}

async function recordsOf(app: App, refs: readonly RecordRef[]): Promise<ReadonlyMap<string, CrmRecord>> {
  const found = await app.table.getMany(refs.map(recordKey), CrmRecord);
  return new Map(found.map((record) => [recordKey(record).pk, record]));
}

const Pair = z.object({ toId: z.string() });

async function contactsOf(app: App, deal: RecordRef): Promise<CrmRecord[]> {
  const { pk } = associationKey(deal, deal);
  const { items } = await app.table.query({ pk, prefix: associationPrefix(contacts), limit: mostContacts }, Pair);
  const refs = items.map(({ toId }) => ({ objectType: contacts, id: toId }));
  return [...(await recordsOf(app, refs)).values()];
}

/** A record that stands where it belongs only takes its turn: whoever read it before and has not written yet looks anew. */
function moveOf(ref: RecordRef, before: PlaceRow | undefined, place: Place | undefined): Move<RecordRef> {
  const version = (before?.version ?? 0) + 1;
  const when = before ? versionIs(before.version) : absent;
  if (before && isDeepStrictEqual(before.place, place)) {
    return { task: ref, rows: [{ update: attributionRowKey(ref, 'source'), set: { version }, when }], deltas: [] };
  }
  const rows = dimensions.flatMap((by): Write[] => {
    const row = rowOf(ref, by, place);
    if (by === 'source') return [{ put: { ...row, version, ...(place && { place }) }, when }];
    if (place?.keys[by] !== undefined) return [{ put: row }];
    return before?.place?.keys[by] === undefined ? [] : [{ remove: attributionRowKey(ref, by) }];
  });
  return { task: ref, rows, deltas: [...deltasOf(before?.place, -1), ...deltasOf(place, 1)] };
}

function rowOf(ref: RecordRef, by: Dimension, place: Place | undefined) {
  const key = place?.keys[by];
  const listed = place &&
    key !== undefined && {
      gsi1pk: attributionListing(by, key, ref.objectType),
      gsi1sk: `${place.day}#${ref.id}`,
      day: place.day,
      key,
      figures: place.figures,
    };
  return { ...attributionRowKey(ref, by), entity: 'attribution', by, recordId: ref.id, ...listed };
}

export function deltasOf(place: Place | undefined, by: 1 | -1): Delta[] {
  if (!place) return [];
  const add = Object.fromEntries(Object.entries(place.figures).map(([name, value]) => [name, by * value]));
  return dimensions.flatMap((dimension) => {
    const key = place.keys[dimension];
    if (key === undefined) return [];
    return [
      { key: attributionCellKey(dimension, 'day', place.day, key), add },
      { key: attributionCellKey(dimension, 'month', place.day.slice(0, 7), key), add },
    ];
  });
}
