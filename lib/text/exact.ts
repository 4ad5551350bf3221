import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import type { ObjectType } from '../objects/definition.ts';
import { readPhone } from '../objects/phone.ts';
import { findByValue } from '../objects/read-store.ts';
import { uniqueValueOf } from '../objects/unique-value.ts';
import { inParallel } from '../table/in-parallel.ts';
import { type Key, type RecordRef, recordKey, uniqueKey } from '../table/keys.ts';

/** A record that has the very value that was looked for. */
export type ExactHit = RecordRef & { readonly property: string };

const Owner = z.object({ objectType: z.string(), id: z.string(), property: z._default(z.string(), 'hs_object_id') });
const phoneTwins = ['hs_searchable_calculated_phone_number', 'hs_searchable_calculated_mobile_number'];
const queriesAtOnce = 4;
const perNumber = 10;
/** Nobody types a longer id. */
const longestId = 300;

/**
 * Records that have the query as their id, a unique value (whatever its width and case) or their telephone number. Read by the rows that
 * are written with the record, so that what was entered a moment ago is found.
 */
export async function exactHits(app: App, types: readonly ObjectType[], query: string): Promise<ExactHit[]> {
  const [owners, called] = await Promise.all([ownersOf(app, types, query), calledBy(app, types, query)]);
  return [...owners, ...called];
}

function ownersOf(app: App, types: readonly ObjectType[], query: string): Promise<ExactHit[]> {
  if (query.length > longestId) return Promise.resolve([]);
  const id = query.normalize('NFKC').trim();
  const keys = types.flatMap((type): Key[] => [
    ...[...type.properties.values()]
      .filter(({ hasUniqueValue }) => hasUniqueValue)
      .map((definition) => uniqueKey(type.objectTypeId, definition.name, uniqueValueOf(definition, query))),
    ...(/^\d{4,17}$/.test(id) ? [recordKey({ objectType: type.objectTypeId, id })] : []),
  ]);
  return app.table.getMany(keys, Owner);
}

async function calledBy(app: App, types: readonly ObjectType[], query: string): Promise<ExactHit[]> {
  const number = /\d{4}/.test(query.normalize('NFKC')) ? readPhone(query).e164 : undefined;
  if (number === undefined) return [];
  const places = types.flatMap((type) =>
    phoneTwins
      .filter((name) => type.properties.has(name))
      .map((property) => ({ objectType: type.objectTypeId, property })),
  );
  const found = await inParallel(places, queriesAtOnce, async ({ objectType, property }) => {
    const ids = await findByValue(app, objectType, property, number, perNumber);
    return ids.map((id) => ({ objectType, id, property }));
  });
  return found.flat();
}
