import { CrmError } from '../core/errors.ts';

/** Why one property of a request cannot be as given. The codes are HubSpot's. */
export type Problem = { readonly name: string; readonly code: string; readonly message: string };

/** The one error that lists all problems of a request, in HubSpot's words. */
export function valuesInvalid(problems: readonly Problem[], typeName: string, portalId: number): CrmError {
  const missing = problems.filter(({ code }) => code === missingCode);
  return new CrmError(
    'VALIDATION_ERROR',
    missing.length === problems.length ? missingMessage(typeName) : invalidMessage(problems, portalId),
    {
      errors: problems.map(({ name, code, message }) => ({ message, code, context: { propertyName: [name] } })),
      ...(missing.length > 0 && { context: { properties: missing.map(({ name }) => name) } }),
    },
  );
}

const missingCode = 'MISSING_REQUIRED_PROPERTY';

export const missingProperty = (name: string): Problem => ({
  name,
  code: missingCode,
  message: `Required property "${name}" was not set`,
});

const missingMessage = (typeName: string) => `Error creating ${typeName}. Some required properties were not set.`;

const invalidMessage = (problems: readonly Problem[], portalId: number) =>
  `Property values were not valid: ${JSON.stringify(
    problems.map(({ name, code, message }) => ({
      isValid: false,
      message,
      error: code,
      name,
      localizedErrorMessage: message,
      portalId,
    })),
  )}`;
