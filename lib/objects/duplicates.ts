import { CrmError } from '../core/errors.ts';
import type { ObjectType } from './definition.ts';

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/**
 * A unique value that another record has. The text for a contact's e-mail is HubSpot's to the letter, because integrations cut the id
 * out of it; `context.existingObjectId` has it for everyone else.
 */
export function alreadyExists(type: ObjectType, property: string, id: string): CrmError {
  const isEmail = type.objectTypeId === '0-1' && property === 'email';
  const message = isEmail
    ? `Contact already exists. Existing ID: ${id}`
    : `${capital(type.singular)} already exists with this value of ${property}. Existing ID: ${id}`;
  const errors = [
    {
      message: `${id} already has that value.`,
      code: 'CONFLICTING_UNIQUE_VALUE',
      context: { propertyName: [property], existingObjectId: [id] },
    },
  ];
  return new CrmError('CONFLICT', message, { ...(!isEmail && { errors }), context: { existingObjectId: [id] } });
}
