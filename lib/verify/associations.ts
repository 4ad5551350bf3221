import { StoredPair, StoredPrimary } from '../associations/pair.ts';
import { loadAssociationTypes, sorted } from '../associations/type-store.ts';
import { isPrimary } from '../associations/types.ts';
import { associationKey, detachedKey, type Key, type RecordRef, recordKey } from '../table/keys.ts';
import { type Check, itemsAt, nameOf, type Problem } from './check.ts';

type Sides = { readonly from: RecordRef; readonly to: RecordRef };
const sidesOf = ({ objectType, id, toObjectType, toId }: StoredPair): Sides => ({
  from: { objectType, id },
  to: { objectType: toObjectType, id: toId },
});

const same = (one: readonly number[], other: readonly number[]) => sorted(one).join() === sorted(other).join();

/** Both sides of a pair say the same. */
const twins = (entity: 'association' | 'detached', keyOf: (from: RecordRef, to: RecordRef) => Key): Check => ({
  entity,
  examine: async (app, items) => {
    const types = await loadAssociationTypes(app, { fresh: true });
    const pairs = items.map((item) => ({ key: nameOf(item), pair: StoredPair.parse(item) }));
    const twin = ({ pair }: (typeof pairs)[number]) => keyOf(sidesOf(pair).to, sidesOf(pair).from);
    const stored = await itemsAt(app, pairs.map(twin));
    return pairs.flatMap((each): Problem[] => {
      const other = stored.get(nameOf(twin(each)));
      if (!other) return [{ check: entity, key: each.key, what: 'the other side is missing' }];
      const known = each.pair.typeIds.filter((typeId) => types.byId(typeId));
      const agrees = same(types.inverse(known), types.inverse(types.inverse(StoredPair.parse(other).typeIds)));
      return agrees ? [] : [{ check: entity, key: each.key, what: 'the other side has other labels' }];
    });
  },
});

/** Only records that live are associated. */
const alive: Check = {
  entity: 'association',
  examine: async (app, items) => {
    const ends = items.map((item) => ({ key: nameOf(item), to: sidesOf(StoredPair.parse(item)).to }));
    const records = await itemsAt(
      app,
      ends.map(({ to }) => recordKey(to)),
    );
    return ends.flatMap(({ key, to }): Problem[] => {
      const record = records.get(nameOf(recordKey(to)));
      if (record && record.archivedAt === undefined) return [];
      return [{ check: 'association', key, what: record ? 'its record is archived' : 'its record is gone' }];
    });
  },
};

/** No pair has the flag of a primary one but the one that the record's row names. */
const primaries: Check = {
  entity: 'association',
  examine: async (app, items) => {
    const flagged = items
      .map((item) => StoredPair.parse(item))
      .filter(({ typeIds }) => typeIds.some((typeId) => isPrimary(typeId)));
    const rowOf = ({ objectType, id, toObjectType }: StoredPair): Key => ({
      pk: recordKey({ objectType, id }).pk,
      sk: `primary#${toObjectType}`,
    });
    const rows = await itemsAt(app, flagged.map(rowOf));
    return flagged.flatMap((pair): Problem[] => {
      const row = rows.get(nameOf(rowOf(pair)));
      const { from, to } = sidesOf(pair);
      if (row && StoredPrimary.parse(row).toId === to.id) return [];
      return [{ check: 'primary', key: nameOf(associationKey(from, to)), what: 'is flagged beside another primary' }];
    });
  },
};

/** A primary one may have lost its flag, or its pair, since; whose it was is there. */
const owners: Check = {
  entity: 'primary',
  examine: async (app, items) => {
    const rows = items.map((item) => {
      const [objectType = '', id = ''] = item.pk.split('#');
      return { key: nameOf(item), owner: recordKey({ objectType, id }) };
    });
    const records = await itemsAt(
      app,
      rows.map(({ owner }) => owner),
    );
    return rows
      .filter(({ owner }) => !records.has(nameOf(owner)))
      .map(({ key }) => ({ check: 'primary', key, what: 'its record is gone' }));
  },
};

export const associationChecks: readonly Check[] = [
  twins('association', associationKey),
  twins('detached', detachedKey),
  alive,
  primaries,
  owners,
];
