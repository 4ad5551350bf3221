import { WireError } from './wire-error.ts';

/** SQS answers JSON, but its clients read the older Query protocol's error code from a header. */
export class SqsError extends WireError {
  constructor(
    type: string,
    message: string,
    options: { statusCode?: number; queryCode?: string; fault?: 'Sender' | 'Receiver' } = {},
  ) {
    super(`com.amazonaws.sqs#${type}`, message, {
      statusCode: options.statusCode ?? 400,
      headers: { 'x-amzn-query-error': `${options.queryCode ?? type};${options.fault ?? 'Sender'}` },
    });
  }
}
