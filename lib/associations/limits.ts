import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import type { RowError } from '../objects/batch.ts';
import { cached, forgetDefinitions } from '../objects/definition-cache.ts';
import { associationLimitKey, associationLimitPartition } from '../table/association-limit-keys.ts';
import { absent, present } from '../table/conditions.ts';
import { inParallel } from '../table/in-parallel.ts';
import { commitOrThrow } from '../table/steps.ts';
import { AssociationCategory } from './schema.ts';
import { type AssociationTypes, loadAssociationTypes, unknownType, wrongDirection } from './type-store.ts';
import { isPrimary } from './types.ts';

/** How many records of a type one record may be associated with by an association type. */
export const AssociationLimit = z.object({
  fromObjectType: z.string(),
  toObjectType: z.string(),
  typeId: z.number(),
  maxToObjectIds: z.number(),
});
export type AssociationLimit = z.output<typeof AssociationLimit>;

export const LimitInput = z.object({
  category: AssociationCategory,
  typeId: z.int(),
  maxToObjectIds: z.int().check(z.minimum(1), z.maximum(50_000)),
});
type LimitInput = z.output<typeof LimitInput>;

/** HubSpot's body of a limit. */
export const PublicLimit = z.object({
  category: AssociationCategory,
  typeId: z.number(),
  label: z.optional(z.nullable(z.string())),
  userEnforcedMaxToObjectIds: z.optional(z.number()),
});

type Pair = { readonly fromObjectType: string; readonly toObjectType: string };

/**
 * Every limit of the account, as it was up to some seconds ago unless `fresh`: a new one holds everywhere within five seconds, one that
 * was raised or taken away at once.
 */
export const loadAssociationLimits = (
  app: App,
  options: { fresh?: boolean } = {},
): Promise<readonly AssociationLimit[]> =>
  cached(
    'association-limits',
    'limits',
    () => app.table.all({ pk: associationLimitPartition }, AssociationLimit),
    options,
  );

/** Limits as HubSpot shows them; those of a label that was deleted are not shown. */
export async function publicLimits(app: App, pair?: Pair): Promise<z.output<typeof PublicLimit>[]> {
  const limits = await loadAssociationLimits(app, { fresh: true });
  const types = await loadAssociationTypes(app, { fresh: true });
  return limits
    .filter(
      ({ fromObjectType, toObjectType }) =>
        !pair || (fromObjectType === pair.fromObjectType && toObjectType === pair.toObjectType),
    )
    .flatMap((limit) => shown(types, limit) ?? []);
}

function shown(types: AssociationTypes, { typeId, maxToObjectIds }: AssociationLimit) {
  const type = types.byId(typeId);
  return type && { category: type.category, typeId, label: type.label, userEnforcedMaxToObjectIds: maxToObjectIds };
}

/** Sets limits, each for itself: new ones (`create`) or others (`update`). Pairs that are over a new limit stay as they are. */
export async function setLimits(app: App, pair: Pair, inputs: readonly LimitInput[], how: 'create' | 'update') {
  const types = await loadAssociationTypes(app, { fresh: true });
  const answers = await inParallel(inputs, 4, async (input) => {
    try {
      return await setLimit(app, types, { ...pair, typeId: input.typeId, maxToObjectIds: input.maxToObjectIds }, how);
    } catch (error) {
      if (error instanceof CrmError) return error;
      throw error;
    }
  });
  forgetDefinitions('association-limits');
  return {
    results: answers.flatMap((answer) => (answer instanceof CrmError ? [] : (shown(types, answer) ?? []))),
    errors: answers.flatMap((error, position): RowError[] => (error instanceof CrmError ? [{ position, error }] : [])),
  };
}

async function setLimit(app: App, types: AssociationTypes, limit: AssociationLimit, how: 'create' | 'update') {
  const { fromObjectType, toObjectType, typeId } = limit;
  requireLimitable(types, limit);
  const key = associationLimitKey(fromObjectType, toObjectType, typeId);
  const write = { put: { ...key, entity: 'association-limit', ...limit }, when: how === 'create' ? absent : present };
  await commitOrThrow(app.table, [{ write, refused: () => (how === 'create' ? taken(typeId) : missing(typeId)) }]);
  return limit;
}

/** Takes limits away. One that is not there is no error. */
export async function purgeLimits(app: App, pair: Pair, typeIds: readonly number[]): Promise<void> {
  await inParallel([...new Set(typeIds)], 4, (typeId) =>
    app.table.commit([{ remove: associationLimitKey(pair.fromObjectType, pair.toObjectType, typeId) }]),
  );
  forgetDefinitions('association-limits');
}

function requireLimitable(types: AssociationTypes, { fromObjectType, toObjectType, typeId }: AssociationLimit): void {
  const type = types.byId(typeId);
  if (!type) throw unknownType(typeId);
  if (type.fromObjectType !== fromObjectType) throw wrongDirection(type.fromObjectType, fromObjectType);
  if (type.toObjectType !== toObjectType) throw unknownType(typeId);
  if (isPrimary(typeId))
    throw new CrmError('VALIDATION_ERROR', `A record has one association of the primary type ${typeId}, always`);
}

const taken = (typeId: number) =>
  new CrmError('CONFLICT', `The association type ${typeId} has a limit already`, {
    context: { typeId: [String(typeId)] },
  });
const missing = (typeId: number) =>
  new CrmError('OBJECT_NOT_FOUND', `The association type ${typeId} has no limit`, {
    context: { typeId: [String(typeId)] },
  });
