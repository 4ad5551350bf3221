import { CrmError } from '../core/errors.ts';

/** The 404 of a record, worded as HubSpot words it for ids that are numbers and for others. */
export function recordNotFound({ id, idProperty }: { id: string; idProperty?: string }): CrmError {
  if (isRecordId(idProperty) && !/^\d+$/.test(id)) {
    return new CrmError('OBJECT_NOT_FOUND', 'Object not found.  objectId are usually numeric.', {
      context: { id: [id] },
    });
  }
  return new CrmError('OBJECT_NOT_FOUND', 'resource not found');
}

/** Whether a reference by this property is one by record id. */
export const isRecordId = (idProperty: string | undefined): boolean =>
  idProperty === undefined || idProperty === '' || idProperty === 'hs_object_id';

/** The record, if there is one. @throws CrmError 404 */
export function requireRecord<T>(record: T | undefined, ref: { id: string; idProperty?: string }): T {
  if (record === undefined) throw recordNotFound(ref);
  return record;
}
