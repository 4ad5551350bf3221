import { isDeepStrictEqual } from 'node:util';
import { contacts, deals, deltasOf, PlaceRow, placesOf } from '../attribution/apply.ts';
import { attributionRowKey } from '../table/attribution-keys.ts';
import { recordKey } from '../table/keys.ts';
import { type Check, itemsAt, nameOf, type Problem } from './check.ts';

const check = 'attribution';

/** Every contact and deal counts where it belongs now. */
const placed: Check = {
  entity: 'record',
  examine: async (app, items) => {
    const refs = items
      .map(({ objectType, id }) => ({ objectType: String(objectType), id: String(id) }))
      .filter(({ objectType }) => objectType === contacts || objectType === deals);
    const rows = await itemsAt(
      app,
      refs.map((ref) => attributionRowKey(ref, 'source')),
    );
    const places = await placesOf(app, refs);
    return refs.flatMap((ref, position): Problem[] => {
      const key = nameOf(attributionRowKey(ref, 'source'));
      const row = rows.get(key);
      if (isDeepStrictEqual(row && PlaceRow.parse(row).place, places[position])) return [];
      return [{ check, key: nameOf(recordKey(ref)), what: 'counts elsewhere than it belongs' }];
    });
  },
};

export const attributionChecks: readonly Check[] = [placed];

type Numbers = Readonly<Record<string, number>>;

/** What a row of a record adds, by the name of the cell; for the tally of all cells. */
export function attributionCounted(item: Readonly<Record<string, unknown>>): { group: string; counted: Numbers }[] {
  const { place } = PlaceRow.parse(item);
  return deltasOf(place, 1).map(({ key, add }) => ({ group: nameOf(key), counted: add }));
}
