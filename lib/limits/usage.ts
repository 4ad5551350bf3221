import type { ObjectType } from '../objects/definition.ts';

type Named = Pick<ObjectType, 'objectTypeId' | 'custom' | 'labels'>;

/** There is no tier and no cap; HubSpot's body needs a number, so it is one that no account reaches. */
const uncapped = 1_000_000_000;
const percentageOf = (usage: number, limit: number) => (usage / limit) * 100;

const named = ({ objectTypeId, labels }: Named) => ({
  objectTypeId,
  singularLabel: labels.singular,
  pluralLabel: labels.plural,
});

const overall = (usage: number, limit = uncapped) => ({
  overallLimit: limit,
  overallPercentage: percentageOf(usage, limit),
  overallUsage: usage,
});

const sum = (rows: readonly { readonly usage: number }[]) => rows.reduce((total, { usage }) => total + usage, 0);

/** How much of something each object type has: HubSpot's own types each with a limit, custom ones together. */
export function usageOf(types: readonly Named[], counts: ReadonlyMap<string, number>) {
  const rows = types.map((type) => ({
    ...named(type),
    custom: type.custom,
    usage: counts.get(type.objectTypeId) ?? 0,
  }));
  const ownTypes = rows.filter(({ custom }) => custom);
  return {
    hubspotDefinedObjectTypes: rows
      .filter(({ custom }) => !custom)
      .map((row) => ({ ...row, limit: uncapped, percentage: percentageOf(row.usage, uncapped) })),
    customObjectTypes: { byObjectType: ownTypes, ...overall(sum(ownTypes)) },
  };
}

const custom = (type: ObjectType) => [...type.properties.values()].filter(({ hubspotDefined }) => !hubspotDefined);

/** Custom properties of each type, of which it may have `limit`. */
export function customPropertyUsage(types: readonly ObjectType[], limit: number) {
  const byObjectType = types.map((type) => {
    const usage = custom(type).length;
    return { ...named(type), usage, limit, percentage: percentageOf(usage, limit) };
  });
  return { byObjectType, ...overall(sum(byObjectType), limit * types.length) };
}

/** Custom properties that are calculated. */
export function calculatedPropertyUsage(types: readonly ObjectType[]) {
  const byObjectType = types.map((type) => ({
    ...named(type),
    usage: custom(type).filter(({ calculated }) => calculated).length,
  }));
  return { byObjectType, ...overall(sum(byObjectType)) };
}

export const customTypeUsage = (usage: number) => ({
  limit: uncapped,
  percentage: percentageOf(usage, uncapped),
  usage,
});
