type Named = {
  readonly objectTypeId: string;
  readonly custom: boolean;
  readonly labels: { readonly singular: string; readonly plural: string };
};

/** There is no tier and no cap; HubSpot's body needs a number, so it is one that no account reaches. */
const limit = 1_000_000_000;
const percentageOf = (usage: number) => (usage / limit) * 100;

/** HubSpot's body of `GET /crm/v3/limits/records`. */
export function usageOf(types: readonly Named[], counts: ReadonlyMap<string, number>) {
  const rows = types.map((type) => ({
    custom: type.custom,
    objectTypeId: type.objectTypeId,
    singularLabel: type.labels.singular,
    pluralLabel: type.labels.plural,
    usage: counts.get(type.objectTypeId) ?? 0,
  }));
  const customUsage = rows.filter(({ custom }) => custom).reduce((sum, { usage }) => sum + usage, 0);
  return {
    hubspotDefinedObjectTypes: rows
      .filter(({ custom }) => !custom)
      .map((row) => ({ ...row, limit, percentage: percentageOf(row.usage) })),
    customObjectTypes: {
      byObjectType: rows.filter(({ custom }) => custom),
      overallLimit: limit,
      overallPercentage: percentageOf(customUsage),
      overallUsage: customUsage,
    },
  };
}
