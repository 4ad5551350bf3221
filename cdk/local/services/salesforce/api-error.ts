/** The HTTP status that goes with an error of a single record; all others are 400. */
const statuses: Readonly<Record<string, number>> = {
  INVALID_SESSION_ID: 401,
  REQUEST_LIMIT_EXCEEDED: 403,
  INSUFFICIENT_ACCESS_OR_READONLY: 403,
  NOT_FOUND: 404,
  ENTITY_IS_DELETED: 404,
  METHOD_NOT_ALLOWED: 405,
};

/** A refusal in Salesforce's words: of a whole request, or of one row of it. */
export class ApiError extends Error {
  readonly code: string;
  readonly fields: readonly string[];
  /** What single-record answers add beside the message. */
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: { fields?: readonly string[]; detail?: Record<string, unknown> } = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.fields = options.fields ?? [];
    this.detail = options.detail ?? {};
  }

  get status(): number {
    return statuses[this.code] ?? 400;
  }

  /** The body of a refused request: a list with `errorCode`. */
  toBody(): Record<string, unknown>[] {
    const fields = this.fields.length > 0 ? { fields: this.fields } : {};
    return [{ ...this.detail, message: this.message, errorCode: this.code, ...fields }];
  }

  /** The same refusal inside a result of many rows, where its name is `statusCode`. */
  toRow(): { statusCode: string; message: string; fields: readonly string[] } {
    return { statusCode: this.code, message: this.message, fields: this.fields };
  }
}
