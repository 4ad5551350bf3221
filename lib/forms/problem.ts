import { CrmError, type ErrorDetail } from '../core/errors.ts';

/** HubSpot's error types of form submissions that we answer with. */
export type FormErrorType =
  | 'MAX_NUMBER_OF_SUBMITTED_VALUES_EXCEEDED'
  | 'INVALID_EMAIL'
  | 'BLOCKED_EMAIL'
  | 'REQUIRED_FIELD'
  | 'INVALID_NUMBER'
  | 'INPUT_TOO_LARGE'
  | 'FIELD_NOT_IN_FORM_DEFINITION'
  | 'NUMBER_OUT_OF_RANGE'
  | 'VALUE_NOT_IN_FIELD_DEFINITION'
  | 'INVALID_METADATA'
  | 'INVALID_HUTK'
  | 'INVALID_IP_ADDRESS'
  | 'INVALID_PAGE_URI'
  | 'INVALID_LEGAL_OPTION_FORMAT'
  | 'MISSING_PROCESSING_CONSENT'
  | 'MISSING_PROCESSING_CONSENT_TEXT'
  | 'MISSING_COMMUNICATION_CONSENT_TEXT'
  | 'MISSING_LEGITIMATE_INTEREST_TEXT'
  | 'DUPLICATE_SUBSCRIPTION_TYPE_ID'
  | 'FORM_HAS_RECAPTCHA_ENABLED';

/** One thing that is wrong with a submission. `field` is `objectTypeId/name` when it is about one field, `consent/…` when about one consent. */
export type FormProblem = { readonly message: string; readonly errorType: FormErrorType; readonly field?: string };

/** The 400 of the form API, with every problem. Its `errors` have `errorType` where others have `code`. */
export class InvalidSubmission extends CrmError {
  readonly problems: readonly FormProblem[];

  constructor(problems: readonly FormProblem[]) {
    super('VALIDATION_ERROR', 'The request is not valid', {
      extra: { errors: problems.map(({ message, errorType }) => ({ message, errorType })) },
    });
    this.problems = problems;
  }
}

/** A problem with a field, in HubSpot's manner of naming it. */
export const fieldProblem = (field: string, errorType: FormErrorType, reason: string): FormProblem => ({
  message: `Error in 'fields.${field.slice(field.indexOf('/') + 1)}'. ${reason}`,
  errorType,
  field,
});

export const tooLarge = (what: string): FormProblem => ({
  message: `The input is too large: ${what}`,
  errorType: 'INPUT_TOO_LARGE',
});

const typeOfCode: Readonly<Record<string, FormErrorType>> = {
  PROPERTY_DOESNT_EXIST: 'FIELD_NOT_IN_FORM_DEFINITION',
  READ_ONLY_VALUE: 'FIELD_NOT_IN_FORM_DEFINITION',
  INVALID_EMAIL: 'INVALID_EMAIL',
  INVALID_OPTION: 'VALUE_NOT_IN_FIELD_DEFINITION',
  INVALID_INTEGER: 'INVALID_NUMBER',
  INVALID_LONG: 'INVALID_NUMBER',
  INVALID_DATE: 'INVALID_NUMBER',
  VALUE_TOO_LONG: 'INPUT_TOO_LARGE',
  INVALID_NUMBER: 'INVALID_NUMBER',
  MISSING_REQUIRED_PROPERTY: 'REQUIRED_FIELD',
};

/** The record layer's refusal of contact values in the form API's words; anything else is handed back as it is. */
export function asProblems(error: unknown, objectTypeId: string): FormProblem[] {
  if (!(error instanceof CrmError) || error.status >= 500) throw error;
  if (error.options.subCategory === 'REQUEST_TOO_LARGE') return [tooLarge(error.message)];
  const details: readonly ErrorDetail[] = error.options.errors ?? [{ message: error.message }];
  return details.map(({ message, code = '', context }) => {
    const [name] = context?.propertyName ?? [];
    const errorType =
      typeOfCode[code] ?? (error.category === 'CONFLICT' ? 'VALUE_NOT_IN_FIELD_DEFINITION' : 'INVALID_METADATA');
    return name === undefined ? { message, errorType } : fieldProblem(`${objectTypeId}/${name}`, errorType, message);
  });
}

/** A form with a captcha takes what comes with a solved one, and each only once. */
export const captchaNeeded = (): InvalidSubmission =>
  new InvalidSubmission([
    {
      message: 'The form has a captcha: send a solved one that was not used yet as "captcha"',
      errorType: 'FORM_HAS_RECAPTCHA_ENABLED',
    },
  ]);
