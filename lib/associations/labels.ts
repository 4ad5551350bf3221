import { randomInt } from 'node:crypto';
import { CrmError } from '../core/errors.ts';
import type { AssociationType } from './types.ts';

/** More labels than this between two object types help nobody to choose. */
export const labelsPerPair = 50;

/** Ids of labels start where HubSpot's own and those of custom types do not reach. */
const firstLabelId = 10_000_000;
const lastLabelId = 99_999_999;

export type LabelInput = { readonly name: string; readonly label: string; readonly inverseLabel?: string | undefined };
type ObjectTypes = { readonly fromObjectType: string; readonly toObjectType: string };

/** The new label as both sides call it; one type for both when two records of one type call each other the same. */
export function newLabel(
  { fromObjectType, toObjectType }: ObjectTypes,
  input: LabelInput,
  ids: readonly [number, number],
): AssociationType[] {
  const { name, label, inverseLabel = label } = input;
  const common = { category: 'USER_DEFINED' as const, isDefault: false };
  const sameType = fromObjectType === toObjectType;
  const there = { ...common, typeId: ids[0], fromObjectType, toObjectType, name, label };
  if (sameType && input.inverseLabel === undefined) return [{ ...there, inverseTypeId: ids[0] }];
  const back = { ...common, typeId: ids[1], fromObjectType: toObjectType, toObjectType: fromObjectType };
  return [
    { ...there, inverseTypeId: ids[1] },
    { ...back, name: sameType ? `${name}_inverse` : name, label: inverseLabel, inverseTypeId: ids[0] },
  ];
}

export const drawLabelIds = (): [number, number] => {
  const first = randomInt(firstLabelId, lastLabelId);
  return [first, first + 1];
};

/** Whether the type is a label that somebody of the account made and may delete. */
export const isLabel = (typeId: number): boolean => typeId >= firstLabelId;

/** HubSpot's own types and those of custom types cannot be renamed or deleted. @throws CrmError 400, 404 */
export function requireOwnLabel(
  type: AssociationType | undefined,
  { fromObjectType, toObjectType }: ObjectTypes,
  typeId: number,
): AssociationType {
  if (!type || type.fromObjectType !== fromObjectType || type.toObjectType !== toObjectType) {
    throw new CrmError(
      'OBJECT_NOT_FOUND',
      `No association label with type ID ${typeId} exists between these object types`,
      {
        context: { associationTypeId: [String(typeId)] },
      },
    );
  }
  if (isLabel(type.typeId)) return type;
  throw new CrmError(
    'VALIDATION_ERROR',
    `The association type ${typeId} is not a label of your own: it cannot be changed`,
    {
      context: { associationTypeId: [String(typeId)] },
    },
  );
}
