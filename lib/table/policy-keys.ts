import type { Key, RecordRef } from './keys.ts';

/** What records must be associated with: one item, so that all of it changes at once. */
export const associationPoliciesKey: Key = { pk: 'association-policy', sk: 'policies' };

/** Whether a record lacks an association, and how often that was looked at: with the record. */
export const unassociatedStateKey = ({ objectType, id }: RecordRef): Key => ({
  pk: `${objectType}#${id}`,
  sk: 'unassociated',
});
/** The records of a type that lack an association, all of them or those of an owner, by id. */
export const unassociatedPartition = (objectType: string, ownerId?: string) =>
  ownerId === undefined ? `unassociated#${objectType}` : `unassociated#${objectType}#owner#${ownerId}`;
export const unassociatedPrefix = 'record#';
export const unassociatedKey = (objectType: string, id: string, ownerId?: string): Key => ({
  pk: unassociatedPartition(objectType, ownerId),
  sk: `${unassociatedPrefix}${id}`,
});
/** Left by the company that was made for an agency of this name. */
export const agencyKey = (name: string): Key => ({ pk: `agency#${name}`, sk: 'company' });
