import { CrmError } from '../core/errors.ts';
import { standardTypeOf } from '../objects/object-types.ts';
import type { AssociationCreate } from './input.ts';
import type { AssociationDefinition, CustomType } from './schema.ts';
import { customTypeOf } from './types.ts';

/** What records of every custom type can be associated with: people, companies, deals, tickets and all activities. */
const always = ['0-1', '0-2', '0-3', '0-5', '0-46', '0-48', '0-49', '0-27', '0-47', '0-18', '0-116'];

type Link = Pick<AssociationDefinition, 'fromObjectTypeId' | 'toObjectTypeId' | 'name'>;

/** The association types of a new custom type, in both directions: with the usual ones, itself, and those that were asked for. */
export function autoAssociations(
  objectTypeId: string,
  associatedObjects: readonly string[],
  existing: readonly CustomType[],
  firstId: number,
  now: string,
): AssociationDefinition[] {
  const asked = associatedObjects.map((segment) => idOf(segment, existing));
  const others = [...new Set([...always, ...asked])];
  const links = [
    { from: objectTypeId, to: objectTypeId },
    ...others.flatMap((other) => [
      { from: objectTypeId, to: other },
      { from: other, to: objectTypeId },
    ]),
  ];
  return links.map(({ from, to }, position) =>
    definition({ fromObjectTypeId: from, toObjectTypeId: to, name: null }, firstId + position, now),
  );
}

/** One more association type of a custom type, there and back. @throws CrmError 400 when it is not one of this type */
export function newAssociation(
  { objectTypeId }: CustomType,
  { fromObjectTypeId, toObjectTypeId, name }: AssociationCreate,
  existing: readonly CustomType[],
  firstId: number,
  now: string,
): AssociationDefinition[] {
  const from = idOf(fromObjectTypeId, existing);
  const to = idOf(toObjectTypeId, existing);
  if (from !== objectTypeId && to !== objectTypeId) {
    throw new CrmError('VALIDATION_ERROR', `One side of the association must be ${objectTypeId}`, {
      context: { objectTypeId: [from, to] },
    });
  }
  const named = { name: name ?? null };
  const there = definition({ fromObjectTypeId: from, toObjectTypeId: to, ...named }, firstId, now);
  return from === to
    ? [there]
    : [there, definition({ fromObjectTypeId: to, toObjectTypeId: from, ...named }, firstId + 1, now)];
}

/** The type's associations without this one and its way back. @throws CrmError 400, 404 */
export function withoutAssociation(
  { associations, objectTypeId }: CustomType,
  identifier: string,
): AssociationDefinition[] {
  const removed = associations.find(({ id, name }) => id === identifier || name === identifier);
  if (!removed) {
    throw new CrmError('OBJECT_NOT_FOUND', `Association '${identifier}' does not exist`, {
      context: { associationIdentifier: [identifier] },
    });
  }
  const there = between(associations, removed.fromObjectTypeId, removed.toObjectTypeId);
  const position = there.indexOf(removed);
  const other = removed.fromObjectTypeId === objectTypeId ? removed.toObjectTypeId : removed.fromObjectTypeId;
  if (position === 0 && [...always, objectTypeId].includes(other)) {
    throw new CrmError(
      'VALIDATION_ERROR',
      `Association '${identifier}' belongs to every custom object type and cannot be removed`,
    );
  }
  const back = between(associations, removed.toObjectTypeId, removed.fromObjectTypeId)[position];
  return associations.filter((each) => each !== removed && each !== back);
}

/** All association types that touch a type, whichever of the two schemas holds them. */
export const associationsOf = (objectTypeId: string, types: readonly CustomType[]): AssociationDefinition[] =>
  types
    .flatMap(({ associations }) => associations)
    .filter(({ fromObjectTypeId, toObjectTypeId }) => [fromObjectTypeId, toObjectTypeId].includes(objectTypeId))
    .map((each) => ({
      ...each,
      name: each.name ?? `${wordOf(each.fromObjectTypeId, types)}_to_${wordOf(each.toObjectTypeId, types)}`,
    }));

const between = (associations: readonly AssociationDefinition[], from: string, to: string) =>
  associations.filter(({ fromObjectTypeId, toObjectTypeId }) => fromObjectTypeId === from && toObjectTypeId === to);

const wordOf = (objectTypeId: string, types: readonly CustomType[]) =>
  standardTypeOf(objectTypeId)?.singular ??
  types.find((type) => type.objectTypeId === objectTypeId)?.name ??
  objectTypeId;

const definition = (link: Link, id: number, now: string): AssociationDefinition => ({
  id: String(id),
  ...link,
  cardinality: 'ONE_TO_MANY',
  inverseCardinality: 'ONE_TO_MANY',
  createdAt: now,
  updatedAt: now,
});

function idOf(segment: string, existing: readonly CustomType[]): string {
  const known = standardTypeOf(segment) ?? customTypeOf(existing, segment);
  if (!known) throw new CrmError('VALIDATION_ERROR', `Unable to infer object type from: ${segment}`);
  return known.objectTypeId;
}
