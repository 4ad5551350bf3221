import { CrmError } from '../core/errors.ts';

export const listNotFound = (listId: string) =>
  new CrmError('OBJECT_NOT_FOUND', `List does not exist with ID ${listId}.`, {
    subCategory: 'ILS.LIST_NOT_FOUND',
    context: { listId: [listId] },
  });

export const nameTaken = (name: string) =>
  new CrmError('VALIDATION_ERROR', `A list with the name '${name}' exists already`, {
    subCategory: 'ILS.DUPLICATE_LIST_NAMES',
    context: { fields: ['name'] },
  });

export const wrongType = (message: string, listId: string) =>
  new CrmError('VALIDATION_ERROR', message, {
    subCategory: 'ILS.INVALID_LIST_PROCESSING_TYPE',
    context: { listId: [listId] },
  });

export const folderNotFound = (folderId: string) =>
  new CrmError('OBJECT_NOT_FOUND', `List folder does not exist with ID ${folderId}.`, {
    subCategory: 'ILS.LIST_FOLDER_NOT_FOUND',
    context: { folderId: [folderId] },
  });

export const stillNeeded = (listId: string, dependents: readonly string[]) =>
  new CrmError('VALIDATION_ERROR', `The filters of lists ${dependents.join(', ')} name list ${listId}`, {
    subCategory: 'ILS.LIST_IN_USE',
    context: { listId: [listId], dependents: [...dependents] },
  });

export const noListOfName = (name: string, objectTypeId: string) =>
  new CrmError('OBJECT_NOT_FOUND', `List does not exist with name ${name} and object type ID ${objectTypeId}.`, {
    subCategory: 'ILS.LIST_NOT_FOUND',
    context: { listName: [name], objectTypeId: [objectTypeId] },
  });

/** A query parameter that HubSpot's client may leave out. @throws CrmError 400 */
export function required(value: string | undefined, name: string): string {
  if (value) return value;
  const message = `${name} is required`;
  throw new CrmError('VALIDATION_ERROR', message, { errors: [{ message, code: 'REQUIRED_FIELD', in: name }] });
}
