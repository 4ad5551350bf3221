import type { ErrorCategory } from './schema.ts';

/** A row that Salesforce refused. */
export type Refusal = {
  readonly code: string;
  readonly message: string;
  readonly fields: readonly string[];
};

const categories: Readonly<Record<string, ErrorCategory>> = {
  DUPLICATES_DETECTED: 'DUPLICATES',
  DUPLICATE_VALUE: 'DUPLICATES',
  DUPLICATE_EXTERNAL_ID: 'DUPLICATES',
  FIELD_CUSTOM_VALIDATION_EXCEPTION: 'CUSTOM_CODE',
  CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: 'CUSTOM_CODE',
  CANNOT_EXECUTE_FLOW_TRIGGER: 'CUSTOM_CODE',
  APEX_ERROR: 'CUSTOM_CODE',
  UNABLE_TO_LOCK_ROW: 'CUSTOM_CODE',
  INSUFFICIENT_ACCESS: 'PERMISSIONS',
  INSUFFICIENT_ACCESS_OR_READONLY: 'PERMISSIONS',
  INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: 'PERMISSIONS',
  INVALID_FIELD_FOR_INSERT_UPDATE: 'PERMISSIONS',
  CANNOT_UPDATE_CONVERTED_LEAD: 'PERMISSIONS',
  ENTITY_IS_DELETED: 'PERMISSIONS',
  ENTITY_IS_LOCKED: 'PERMISSIONS',
  NOT_FOUND: 'PERMISSIONS',
  INVALID_FIELD: 'PROPERTY_MAPPINGS',
  INVALID_TYPE: 'PROPERTY_MAPPINGS',
  INVALID_CROSS_REFERENCE_KEY: 'ASSOCIATIONS',
  INVALID_CROSS_REFERENCE_TYPE_FOR_FIELD: 'ASSOCIATIONS',
  INACTIVE_OWNER_OR_USER: 'ASSOCIATIONS',
};

/** The card on which a refusal is shown. What is not known is taken for a value that the field does not take. */
export const categoryOf = ({ code }: Pick<Refusal, 'code'>): ErrorCategory => categories[code] ?? 'PROPERTY_VALUES';

/** Somebody else holds the row for the moment. */
export const isLocked = ({ code }: Refusal): boolean => code === 'UNABLE_TO_LOCK_ROW';

/** The record of the link is not what it was: deleted, merged into another or converted. */
export const hasMoved = ({ code }: Refusal): boolean =>
  ['ENTITY_IS_DELETED', 'CANNOT_UPDATE_CONVERTED_LEAD', 'INVALID_CROSS_REFERENCE_KEY', 'NOT_FOUND'].includes(code);

/** The column that an org has no more (or hides), as Salesforce's message names it. */
export const missingColumn = (message: string): string | undefined => /No such column '(\w+)'/.exec(message)?.[1];
