export type WireResponse = {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** An error as an AWS service puts it on the wire; the SDK's clients parse it into their own exception classes. */
export class WireError extends Error {
  /** The error's name as the service sends it, with its namespace where the service sends one. */
  readonly type: string;
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    type: string,
    message: string,
    options: { statusCode?: number; headers?: Record<string, string>; details?: Record<string, unknown> } = {},
  ) {
    super(message);
    this.name = 'WireError';
    this.type = type;
    this.statusCode = options.statusCode ?? 400;
    this.headers = options.headers ?? {};
    this.details = options.details ?? {};
  }

  toJson(): Record<string, unknown> {
    return { __type: this.type, message: this.message, ...this.details };
  }

  /** Everything that the endpoint needs to answer. */
  toResponse(): WireResponse {
    return {
      statusCode: this.statusCode,
      headers: { 'content-type': 'application/x-amz-json-1.0', ...this.headers },
      body: JSON.stringify(this.toJson()),
    };
  }
}
