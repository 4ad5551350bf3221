import { QueryError } from './query-protocol.ts';
import type { Random } from './random.ts';
import { S3Error } from './s3/s3-error.ts';
import { SqsError } from './sqs-error.ts';
import { WireError } from './wire-error.ts';

export const faultServices = ['dynamodb', 'events', 'sqs', 'ses', 'slack', 'salesforce', 's3'] as const;
export type FaultService = (typeof faultServices)[number];

type Call = { readonly action: string; readonly body: Readonly<Record<string, unknown>>; readonly random: Random };

const dynamo = 'com.amazonaws.dynamodb.v20120810#';

/** What a throttled caller of each service gets, by the service's own name for it. */
export const throttling: Readonly<Record<FaultService, (call: Call) => WireError>> = {
  dynamodb: (call) =>
    call.action === 'TransactWriteItems' && call.random() < 0.5 ? cancelledTransaction(call) : throttledTable(call),
  events: () => new WireError('ThrottlingException', 'Rate exceeded'),
  sqs: () => new SqsError('RequestThrottled', 'Rate exceeded', { statusCode: 403 }),
  ses: () => new QueryError('Throttling', 'Maximum sending rate exceeded.'),
  slack: () => new PlainError('ratelimited', 'rate_limited', { statusCode: 429, headers: { 'retry-after': '1' } }),
  salesforce: (call) => (call.random() < 0.5 ? new HtmlError() : new SalesforceError()),
  s3: () => new S3Error('SlowDown', 'Please reduce your request rate.', { statusCode: 503 }),
};

/** A failure inside the service. */
export const internalErrors: Readonly<Record<FaultService, () => WireError>> = {
  dynamodb: () => new WireError(`${dynamo}InternalServerError`, 'Internal server error', { statusCode: 500 }),
  events: () => new WireError('InternalException', 'Internal failure', { statusCode: 500 }),
  sqs: () =>
    new SqsError('InternalError', 'We encountered an internal error. Please try again.', {
      statusCode: 500,
      fault: 'Receiver',
    }),
  ses: () =>
    new QueryError('InternalFailure', 'The request processing has failed because of an unknown error.', {
      statusCode: 500,
    }),
  slack: () => new PlainError('server_error', 'rollup_error', { statusCode: 500 }),
  salesforce: () => new HtmlError(),
  s3: () => new S3Error('InternalError', 'We encountered an internal error. Please try again.', { statusCode: 500 }),
};

/** Slack's webhooks answer with bare text. */
class PlainError extends WireError {
  override toResponse() {
    return {
      statusCode: this.statusCode,
      headers: { 'content-type': 'text/plain', ...this.headers },
      body: this.message,
    };
  }
}

/** Salesforce's web servers, when what is behind them does not answer. */
class HtmlError extends WireError {
  constructor() {
    super('Service Unavailable', 'Server is unavailable', { statusCode: 503 });
  }

  override toResponse() {
    return {
      statusCode: this.statusCode,
      headers: { 'content-type': 'text/html;charset=UTF-8' },
      body: `<html><head><title>${this.type}</title></head><body><h1>${this.message}</h1></body></html>`,
    };
  }
}

/** Too many long requests at a time. The daily limit has the same name and another message. */
class SalesforceError extends WireError {
  constructor() {
    super('REQUEST_LIMIT_EXCEEDED', 'ConcurrentPerOrgLongTxn Limit exceeded.', { statusCode: 403 });
  }

  override toResponse() {
    const body = JSON.stringify([{ message: this.message, errorCode: this.type }]);
    return {
      statusCode: this.statusCode,
      headers: { 'content-type': 'application/json;charset=UTF-8', ...this.headers },
      body,
    };
  }
}

function throttledTable({ random }: Call): WireError {
  return random() < 0.5
    ? new WireError(
        `${dynamo}ProvisionedThroughputExceededException`,
        'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
      )
    : new WireError(
        'com.amazon.coral.availability#ThrottlingException',
        'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index so please try again shortly.',
      );
}

/** A transaction reports trouble of one item as a cancelled whole, with one reason for each item in order. */
function cancelledTransaction({ body, random }: Call): WireError {
  const items = Array.isArray(body.TransactItems) ? body.TransactItems : [];
  const struck = Math.floor(random() * Math.max(1, items.length));
  const reason =
    random() < 0.5
      ? { Code: 'ThrottlingError', Message: 'Throughput exceeds the current capacity of your table or index.' }
      : { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' };
  const reasons = items.map((_, index) => (index === struck ? reason : { Code: 'None' }));
  const codes = reasons.map(({ Code }) => Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return new WireError(`${dynamo}TransactionCanceledException`, message, {
    details: { Message: message, CancellationReasons: reasons },
  });
}
