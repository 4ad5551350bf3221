import type { CrmError, ErrorDetail } from '../core/errors.ts';
import type { RowProblem } from './schema.ts';

/** HubSpot's error types of an import for the codes of its API. */
const errorTypes: Readonly<Record<string, string>> = {
  PROPERTY_DOESNT_EXIST: 'PROPERTY_DEFINITION_NOT_FOUND',
  READ_ONLY_VALUE: 'INVALID_CUSTOM_PROPERTY_VALIDATION',
  INVALID_OPTION: 'INVALID_ENUMERATION_OPTION',
  INVALID_INTEGER: 'COULD_NOT_PARSE_NUMBER',
  INVALID_LONG: 'COULD_NOT_PARSE_DATE',
  INVALID_DATE: 'COULD_NOT_PARSE_DATE',
  INVALID_EMAIL: 'INVALID_EMAIL',
  VALUE_TOO_LONG: 'COLUMN_TOO_LARGE',
  MISSING_REQUIRED_PROPERTY: 'MISSING_REQUIRED_PROPERTY',
  CONFLICTING_UNIQUE_VALUE: 'DUPLICATE_UNIQUE_PROPERTY_VALUE',
};

/** What was wrong with a row, from the error that the API would have answered. */
export function problemsOf(error: CrmError, objectTypeId: string): RowProblem[] {
  const { errors = [], context } = error.options;
  if (errors.length > 0) return errors.map((detail) => problemOf(detail, error, objectTypeId));
  const taken = error.category === 'CONFLICT' && context?.existingObjectId;
  const missing = error.category === 'OBJECT_NOT_FOUND';
  const errorType = taken ? 'DUPLICATE_UNIQUE_PROPERTY_VALUE' : missing ? 'INVALID_OBJECT_ID' : 'FAILED_VALIDATION';
  return [{ errorType, message: error.message, objectTypeId }];
}

function problemOf(
  { message, code = '', context }: ErrorDetail,
  { category }: CrmError,
  objectTypeId: string,
): RowProblem {
  const [property] = context?.propertyName ?? [];
  const usual = category === 'CONFLICT' ? 'DUPLICATE_UNIQUE_PROPERTY_VALUE' : 'FAILED_VALIDATION';
  return { errorType: errorTypes[code] ?? usual, message, objectTypeId, ...(property !== undefined && { property }) };
}
