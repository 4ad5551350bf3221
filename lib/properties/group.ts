import { CrmError } from '../core/errors.ts';
import type { Definitions } from '../objects/definition-store.ts';
import type { PropertyGroup } from '../objects/standard-properties/properties.ts';
import type { GroupCreate, GroupUpdate } from './input.ts';
import { requireName } from './property.ts';

/** A new group, or an archived one of that name brought back. @throws CrmError 409 when the name is taken */
export function createGroup({ groups }: Definitions, { name, label, displayOrder = -1 }: GroupCreate): PropertyGroup {
  if (groups.some((group) => group.name === name && !group.archived)) {
    throw new CrmError('OBJECT_ALREADY_EXISTS', `Property group with name '${name}' already exists`, {
      subCategory: 'Properties.PROPERTY_GROUP_WITH_NAME_EXISTS',
      context: { groupName: [name] },
    });
  }
  requireName(name);
  return { name, label, displayOrder, archived: false };
}

export const patchGroup = (type: Definitions, name: string, changes: GroupUpdate): PropertyGroup => ({
  ...groupOf(type, name),
  ...changes,
});

/** @throws CrmError 400 while live properties stand in the group */
export function archiveGroup(type: Definitions, name: string): PropertyGroup {
  const group = groupOf(type, name);
  const active = [...type.properties.values()]
    .filter(({ groupName }) => groupName === name)
    .map((property) => property.name);
  if (active.length > 0) {
    throw new CrmError(
      'VALIDATION_ERROR',
      `Property group '${name}' still has active properties: [${active.slice(0, 20).join(', ')}]`,
      {
        subCategory: 'PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES',
        context: { groupName: [name] },
      },
    );
  }
  return { ...group, archived: true };
}

/** The live group of that name. @throws CrmError 404 */
export function groupOf({ groups }: Pick<Definitions, 'groups'>, name: string): PropertyGroup {
  const group = groups.find((each) => each.name === name && !each.archived);
  if (!group)
    throw new CrmError('OBJECT_NOT_FOUND', `Property group '${name}' does not exist`, {
      context: { groupName: [name] },
    });
  return group;
}

/** @throws CrmError 400 when a property names a group that is not there */
export function requireGroup({ groups }: Pick<Definitions, 'groups'>, name: string): void {
  if (groups.some((group) => group.name === name && !group.archived)) return;
  throw new CrmError('VALIDATION_ERROR', `Property group '${name}' does not exist`, {
    subCategory: 'PropertyValidationError.GROUP_DOES_NOT_EXIST',
    context: { groupName: [name] },
  });
}
