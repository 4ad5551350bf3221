import type { nearLimits } from '../associations/near-limits.ts';
import { isAtLimit } from '../associations/near-limits.ts';
import type { AssociationTypes } from '../associations/type-store.ts';
import type { ObjectType } from '../objects/definition.ts';

type Named = Pick<ObjectType, 'objectTypeId' | 'labels'>;
type Near = Awaited<ReturnType<typeof nearLimits>>[number];

const named = ({ objectTypeId, labels }: Named) => ({
  objectTypeId,
  singularLabel: labels.singular,
  pluralLabel: labels.plural,
});

/** The labels between each two object types that have some, of which they may have `limit`. */
export function labelUsage(
  types: readonly Named[],
  associations: AssociationTypes,
  limit: number,
  asked: { fromObjectTypeId?: string | undefined; toObjectTypeId?: string | undefined },
) {
  const byId = new Map(types.map((type) => [type.objectTypeId, type]));
  const rows = types
    .filter(({ objectTypeId }) => !asked.fromObjectTypeId || objectTypeId === asked.fromObjectTypeId)
    .flatMap((from) =>
      [...byId.values()]
        .filter(({ objectTypeId }) => !asked.toObjectTypeId || objectTypeId === asked.toObjectTypeId)
        .map((to) => {
          const own = associations
            .between(from.objectTypeId, to.objectTypeId)
            .filter(({ category, label }) => category !== 'HUBSPOT_DEFINED' && label !== null);
          return { from, to, allLabels: own.flatMap(({ label }) => label ?? []) };
        }),
    );
  const wanted = asked.fromObjectTypeId && asked.toObjectTypeId ? rows : rows.filter((row) => row.allLabels.length > 0);
  return wanted.map(({ from, to, allLabels }) => ({
    fromObjectType: named(from),
    toObjectType: named(to),
    allLabels,
    limit,
    usage: allLabels.length,
    percentage: (allLabels.length / limit) * 100,
  }));
}

/** The object types, from one side or to the other, that have records near or at a limit of associations. */
export function typesNearLimit(types: readonly Named[], all: readonly Near[], side: 'fromObjectType' | 'toObjectType') {
  return types.flatMap((type) => {
    const mine = all.filter(({ limit, records }) => limit[side] === type.objectTypeId && records.length > 0);
    if (mine.length === 0) return [];
    const at = mine.flatMap(({ limit, records }) => records.map((record) => isAtLimit(limit, record)));
    return [{ ...named(type), hasRecordsAtLimit: at.includes(true), hasRecordsNearLimit: at.includes(false) }];
  });
}

/** The records of one pair of object types that are near or at a limit; `limit` is the smallest one, 0 where none is set. */
export function recordsNearLimit(all: readonly Near[]) {
  const records = all.flatMap(({ limit, records }) =>
    records.map((record) => ({ ...record, at: isAtLimit(limit, record), max: limit.maxToObjectIds })),
  );
  const at = records.filter((record) => record.at);
  const near = records.filter((record) => !record.at);
  return {
    limit: Math.min(...all.map(({ limit }) => limit.maxToObjectIds), ...(all.length === 0 ? [0] : [])),
    atLimitFromRecordSamples: at.map(({ label, objectId }) => ({ label, objectId })),
    nearLimitFromRecordSamples: near.map(({ label, objectId, usage, max }) => ({
      label,
      objectId,
      usage,
      percentage: (usage / max) * 100,
    })),
    totalRecordsAtLimit: at.length,
    totalRecordsNearLimit: near.length,
  };
}
