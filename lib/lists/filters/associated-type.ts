import { hubspotDefinedById } from '../../associations/types.ts';

/** The type of the records at the other end of an association that a filter names by its type id alone; undefined: nobody can tell. */
export function associatedTypeOf(
  filter: { readonly associationTypeId: number; readonly toObjectTypeId?: string | null | undefined },
  objectType: string,
): string | undefined {
  if ('toObjectTypeId' in filter && filter.toObjectTypeId) return filter.toObjectTypeId;
  const type = hubspotDefinedById(filter.associationTypeId);
  return type?.fromObjectType === objectType ? type.toObjectType : type?.fromObjectType;
}
