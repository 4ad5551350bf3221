import type * as z from 'zod/mini';
import { standardTypeOf } from '../objects/object-types.ts';
import { labelledTypes, primaryTypes, unlabelledTypeIds } from './hubspot-types.ts';
import type { AssociationCategory } from './schema.ts';

/** A type of association as seen from one side of a pair of object types. */
export type AssociationType = {
  readonly typeId: number;
  readonly category: z.output<typeof AssociationCategory>;
  readonly fromObjectType: string;
  readonly toObjectType: string;
  /** HubSpot's v3 name, e.g. `contact_to_company_unlabeled`. */
  readonly name: string;
  readonly label: string | null;
  /** The same association seen from the other side. */
  readonly inverseTypeId: number;
  /** The unlabelled type that every associated pair has. */
  readonly isDefault: boolean;
};

const primaryIds: ReadonlySet<number> = new Set(primaryTypes.map(([, , typeId]) => typeId));

/** Whether a record may have only one association of this type, as a contact has one primary company. */
export const isPrimary = (typeId: number): boolean => primaryIds.has(typeId);

const word = (objectType: string) => standardTypeOf(objectType)?.singular ?? objectType;
const nameOf = (from: string, to: string) => `${word(from)}_to_${word(to)}`;
const snake = (label: string) => label.toLowerCase().replaceAll(' ', '_');

type Side = Pick<AssociationType, 'typeId' | 'fromObjectType' | 'toObjectType' | 'name' | 'label'>;

const bothWays = (here: Side, there: Side, isDefault: boolean): AssociationType[] => [
  { ...here, category: 'HUBSPOT_DEFINED', inverseTypeId: there.typeId, isDefault },
  ...(here.typeId === there.typeId
    ? []
    : [{ ...there, category: 'HUBSPOT_DEFINED' as const, inverseTypeId: here.typeId, isDefault }]),
];

/** Where one side of a pair has a primary type, the plain name is the primary's and the default one ends in `_unlabeled`. */
const primaryNames = new Map(
  primaryTypes.flatMap(([from, to, typeId, inverse]) => [
    [nameOf(from, to), typeId],
    [nameOf(to, from), inverse],
  ]),
);

function unlabelled(from: string, to: string, typeId: number, inverse: number): AssociationType[] {
  const side = (a: string, b: string, id: number): Side => {
    const plain = nameOf(a, b);
    const taken = primaryNames.get(plain);
    const name = taken === undefined || taken === id ? plain : `${plain}_unlabeled`;
    return { typeId: id, fromObjectType: a, toObjectType: b, name, label: null };
  };
  return bothWays(side(from, to, typeId), side(to, from, inverse), true);
}

function unlabelledOf([from, list]: readonly [string, string]): AssociationType[] {
  return list.split(', ').flatMap((entry) => {
    const [to = '', ids = ''] = entry.split(' ');
    const [typeId = '', inverse = typeId] = ids.split('/');
    return unlabelled(from, to, Number(typeId), Number(inverse));
  });
}

const unlabelledTypes = Object.entries(unlabelledTypeIds).flatMap(unlabelledOf);
const defaultIds = new Set(unlabelledTypes.map(({ typeId }) => typeId));

/** A primary type whose way back is the unlabelled type has no type of its own there. */
const primaries = primaryTypes.flatMap(([from, to, typeId, inverse]) =>
  bothWays(
    { typeId, fromObjectType: from, toObjectType: to, name: nameOf(from, to), label: 'Primary' },
    { typeId: inverse, fromObjectType: to, toObjectType: from, name: nameOf(to, from), label: 'Primary' },
    false,
  ).filter((type) => !defaultIds.has(type.typeId)),
);

const labelled = labelledTypes.flatMap(([from, to, typeId, inverse, label, inverseLabel]) =>
  bothWays(
    { typeId, fromObjectType: from, toObjectType: to, name: `${snake(label)}_${nameOf(from, to)}`, label },
    {
      typeId: inverse,
      fromObjectType: to,
      toObjectType: from,
      name: `${snake(inverseLabel)}_${nameOf(to, from)}`,
      label: inverseLabel,
    },
    false,
  ),
);

/** The names that HubSpot gives to some labelled types. */
const ownNames: Readonly<Record<number, string>> = {
  13: 'parent_to_child_company',
  14: 'child_to_parent_company',
  930: 'company_to_billing_contact',
  931: 'billing_contact_to_company',
};

/** HubSpot's own association types between the object types that we have, in both directions. */
export const hubspotDefined: readonly AssociationType[] = [...unlabelledTypes, ...primaries, ...labelled].map(
  (type) => ({
    ...type,
    name: ownNames[type.typeId] ?? type.name,
  }),
);

const byId = new Map(hubspotDefined.map((type) => [type.typeId, type]));
const pairs = new Set(hubspotDefined.map((type) => `${type.fromObjectType}#${type.toObjectType}`));

export const hubspotDefinedById = (typeId: number): AssociationType | undefined => byId.get(typeId);

/** Whether HubSpot has types from one object type to the other, so that nothing stored is needed to speak of them. */
export const hubspotAssociates = (fromObjectType: string, toObjectType: string): boolean =>
  pairs.has(`${fromObjectType}#${toObjectType}`);
