import type * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { loadObjectType } from '../objects/definition-store.ts';
import type { RecordRef } from '../table/keys.ts';
import type { Wanted } from './plan.ts';
import type { AssociatedWithLabels, AssociationSpec, DefaultAssociation, PairLabels, SpecWithLabel } from './schema.ts';
import { type Associated, listAssociated } from './store.ts';
import { type AssociationTypes, loadAssociationTypes, typesFor, unknownType } from './type-store.ts';
import type { AssociationType } from './types.ts';

export const specWithLabel = ({ category, typeId, label }: AssociationType): z.output<typeof SpecWithLabel> => ({
  category,
  typeId,
  label,
});

/** Types as v4 shows them; a label that was deleted is not shown. */
const shownTypes = (types: AssociationTypes, typeIds: readonly number[]) =>
  typeIds.flatMap((typeId) => types.byId(typeId) ?? []).map(specWithLabel);

/** A page of a record's associations in v4's form. */
export async function associationPage(
  app: App,
  from: RecordRef,
  toObjectType: string,
  page: { limit: number; after?: string },
): Promise<{ results: z.output<typeof AssociatedWithLabels>[]; after?: string }> {
  const { items, after } = await listAssociated(app, from, toObjectType, page);
  if (items.length === 0) return { results: [] };
  const typeIds = [...new Set(items.flatMap((item) => item.typeIds))];
  const types = await typesFor(app, { fromObjectType: from.objectType, toObjectType }, typeIds);
  const results = items.map(({ to, typeIds }) => ({ toObjectId: to.id, associationTypes: shownTypes(types, typeIds) }));
  return { results, ...(after && { after }) };
}

/** What PUT and batch create of v4 answer for a pair. */
export const pairLabels = ({ from, to, typeIds, types }: Associated): z.output<typeof PairLabels> => ({
  fromObjectTypeId: from.objectType,
  fromObjectId: from.id,
  toObjectTypeId: to.objectType,
  toObjectId: to.id,
  labels: typeIds.flatMap((typeId) => types.byId(typeId)?.label ?? []),
});

/** What the default operations of v4 answer for a pair: both directions. */
export function defaultAssociations({ from, to, types }: Associated): z.output<typeof DefaultAssociation>[] {
  const there = types.default(from.objectType, to.objectType);
  const back = types.byId(there.inverseTypeId) ?? there;
  const spec = ({ category, typeId }: AssociationType) => ({
    associationCategory: category,
    associationTypeId: typeId,
  });
  return [
    { from: { id: from.id }, to: { id: to.id }, associationSpec: spec(there) },
    { from: { id: to.id }, to: { id: from.id }, associationSpec: spec(back) },
  ];
}

/** The two records that a path names, by canonical type ids. */
export async function pairOf(
  app: App,
  path: { objectType: string; objectId: string; toObjectType: string; toObjectId: string },
): Promise<{ from: RecordRef; to: RecordRef }> {
  const types = await typePair(app, { fromObjectType: path.objectType, toObjectType: path.toObjectType });
  return {
    from: { objectType: types.fromObjectType, id: path.objectId },
    to: { objectType: types.toObjectType, id: path.toObjectId },
  };
}

/** The type ids of the two object types that a path names. */
export async function typePair(app: App, path: { fromObjectType: string; toObjectType: string }) {
  const [from, to] = await Promise.all([
    loadObjectType(app, path.fromObjectType),
    loadObjectType(app, path.toObjectType),
  ]);
  return {
    fromObjectType: from.objectTypeId,
    toObjectType: to.objectTypeId,
    fromName: from.singular,
    toName: to.singular,
  };
}

/** The association type that v3 names by its id or its name. @throws CrmError 400 */
export async function specNamed(
  app: App,
  { fromObjectType, toObjectType }: { fromObjectType: string; toObjectType: string },
  nameOrId: string | number,
): Promise<AssociationSpec> {
  const find = (types: AssociationTypes) =>
    types
      .between(fromObjectType, toObjectType)
      .find(({ name, typeId }) => name === nameOrId || String(typeId) === String(nameOrId));
  const type =
    find(await typesFor(app, { fromObjectType, toObjectType })) ??
    find(await loadAssociationTypes(app)) ??
    find(await loadAssociationTypes(app, { fresh: true }));
  if (!type) throw unknownType(nameOrId);
  return { associationCategory: type.category, associationTypeId: type.typeId };
}

type TypePair = { readonly fromObjectType: string; readonly toObjectType: string };

/** The two records that an input of a batch names. */
export const wantedPair = (types: TypePair, { from, to }: { from: { id: string }; to: { id: string } }) => ({
  from: { objectType: types.fromObjectType, id: from.id },
  to: { objectType: types.toObjectType, id: to.id },
});

/** The pairs of a v3 batch, whose inputs name types by name or id. */
export async function namedPairs(
  app: App,
  types: TypePair,
  inputs: readonly { from: { id: string }; to: { id: string }; type: string | number }[],
  how: Wanted['how'],
): Promise<Wanted[]> {
  const specs = new Map<string | number, AssociationSpec>();
  for (const { type } of inputs) if (!specs.has(type)) specs.set(type, await specNamed(app, types, type));
  return inputs.map((input) => ({
    ...wantedPair(types, input),
    types: [specs.get(input.type)].flatMap((spec) => spec ?? []),
    how,
  }));
}

/** HubSpot's error for a record of a batch that has no associations of the kind asked for. */
export const noAssociations = (types: { fromName: string; toName: string }, id: string): CrmError =>
  new CrmError('OBJECT_NOT_FOUND', `No ${types.toName} is associated with ${types.fromName} ${id}.`, {
    subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
    context: { fromObjectId: [id], fromObjectType: [types.fromName], toObjectType: [types.toName] },
  });
