import type * as z from 'zod/mini';

/** HubSpot's error categories that we answer with, and the status of each unless an error says another. */
const statusOf = {
  VALIDATION_ERROR: 400,
  INVALID_AUTHENTICATION: 401,
  EXPIRED_AUTHENTICATION: 401,
  MISSING_SCOPES: 403,
  OBJECT_NOT_FOUND: 404,
  CONFLICT: 409,
  OBJECT_ALREADY_EXISTS: 409,
  RATE_LIMITS: 429,
  INTERNAL_ERROR: 500,
  SERVICE_UNAVAILABLE: 503,
} as const;

export type ErrorCategory = keyof typeof statusOf;

/** One of the `errors` of a body: what was wrong with one field, row or property. */
export type ErrorDetail = {
  message: string;
  code?: string;
  in?: string;
  subCategory?: string;
  context?: Record<string, string[]>;
};

export type ErrorOptions = {
  /** Overrides the category's status, e.g. 413 for a body that is too large. */
  status?: number;
  subCategory?: string;
  errors?: readonly ErrorDetail[];
  context?: Record<string, string[]>;
  links?: Record<string, string>;
  /** Seconds, sent as `Retry-After`. */
  retryAfter?: number;
  /** Fields that only this body has (the form API's, the rate limit's). */
  extra?: Record<string, unknown>;
};

/** The only error that reaches a client. Anything else is a bug: logged once, answered as a bare 500. */
export class CrmError extends Error {
  override readonly name = 'CrmError';
  readonly category: ErrorCategory;
  readonly options: ErrorOptions;

  constructor(category: ErrorCategory, message: string, options: ErrorOptions = {}) {
    super(message);
    this.category = category;
    this.options = options;
  }

  get status(): number {
    return this.options.status ?? statusOf[this.category];
  }
}

/** HubSpot's error body: `context` values are always lists of strings; absent fields are left out, not null. */
export const toErrorBody = ({ message, category, options }: CrmError, correlationId: string) => ({
  status: 'error',
  message,
  correlationId,
  ...(options.errors && { errors: options.errors }),
  ...(options.context && { context: options.context }),
  ...(options.links && { links: options.links }),
  category,
  ...(options.subCategory && { subCategory: options.subCategory }),
  ...options.extra,
});

/** A 400 that names every field that the schema refused. `where` is `path`, `query` or `body`. */
export function fromZod(issues: readonly z.core.$ZodIssue[], where: string): CrmError {
  const errors = issues.map((issue) => detailOf(issue, where));
  const missing = errors.filter(({ code }) => code === 'REQUIRED_FIELD').map((error) => error.in ?? '');
  const message =
    where === 'body' && missing.length > 0
      ? `Invalid input JSON on line 1, column 1: Some required fields were not set: [${missing.join(', ')}]`
      : `Invalid input: ${errors.map(({ message }) => message).join('; ')}`;
  return new CrmError('VALIDATION_ERROR', message, {
    errors,
    context: { fields: errors.map((error) => error.in ?? '') },
  });
}

function detailOf(issue: z.core.$ZodIssue, where: string): ErrorDetail {
  const field = issue.path.join('.') || where;
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.join(', ');
    return { message: `Unknown field ${keys}`, code: 'UNKNOWN_FIELD', in: [...issue.path, keys].join('.') };
  }
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  return missing
    ? { message: `${field} is required`, code: 'REQUIRED_FIELD', in: field }
    : { message: `${field}: ${wordsOf(issue)}`, code: 'INVALID_VALUE', in: field };
}

/** The schema's own words; zod/mini has none, and zod's English ones add 27 KB to a bundle. */
function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.message !== 'Invalid input') return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `must be of type ${issue.expected}`;
    case 'invalid_value':
      return `must be one of [${issue.values.map(String).join(', ')}]`;
    case 'too_small':
      return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
    default:
      return 'is not valid';
  }
}

const units: Readonly<Record<string, string>> = { string: ' characters long', array: ' items long' };
const unitOf = (origin: string): string => units[origin] ?? '';

const throttles = new Set([
  'ThrottlingException',
  'Throttling',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'InternalServerError',
  'InternalFailure',
  'ServiceUnavailable',
  'TimeoutError',
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
]);

/** Whether an AWS client gave up on a service that was busy or unreachable: the caller may try again. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return throttles.has(error.name) || throttles.has(code);
}

export const unavailable = () =>
  new CrmError('SERVICE_UNAVAILABLE', 'The service is busy. Nothing was changed, or the change is safe to repeat.', {
    retryAfter: 1,
  });
