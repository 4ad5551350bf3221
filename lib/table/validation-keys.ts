import { type Key, propertyPartition } from './keys.ts';

/** The rules for the values of a property lie with the type's definitions, to be read with them. */
export const validationKey = (objectType: string, name: string): Key => ({
  pk: propertyPartition(objectType),
  sk: `validation#${name}`,
});
