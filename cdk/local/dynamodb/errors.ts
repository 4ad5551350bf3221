import type { Item } from './value.ts';

const MODEL = 'com.amazonaws.dynamodb.v20120810';
/** AWS answers with these names under the namespaces of its own web framework. */
const FRAMEWORK_TYPES: Readonly<Record<string, string>> = {
  ValidationException: 'com.amazon.coral.validate#ValidationException',
  SerializationException: 'com.amazon.coral.service#SerializationException',
  UnknownOperationException: 'com.amazon.coral.service#UnknownOperationException',
};

/** One entry of a cancelled transaction; entries stand in the order of the request. */
export type CancellationReason = { Code: string; Message?: string; Item?: Item };

/** An error that DynamoDB answers with; `toBody` is the JSON body as AWS sends it. */
export class DynamoError extends Error {
  readonly type: string;
  readonly statusCode: number;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(type: string, message: string, details: Readonly<Record<string, unknown>> = {}, statusCode = 400) {
    super(message);
    this.name = type;
    this.type = type;
    this.statusCode = statusCode;
    this.details = details;
  }

  toBody(): Record<string, unknown> {
    // AWS spells this one member with a capital letter for cancelled transactions; SDKs read both.
    const text = this.type === 'TransactionCanceledException' ? 'Message' : 'message';
    return { __type: FRAMEWORK_TYPES[this.type] ?? `${MODEL}#${this.type}`, [text]: this.message, ...this.details };
  }
}

export function validation(message: string): DynamoError {
  return new DynamoError('ValidationException', message);
}

/** The most common form of AWS's validation errors. */
export function invalidParameter(message: string): DynamoError {
  return validation(`One or more parameter values were invalid: ${message}`);
}

export function serialization(message: string): DynamoError {
  return new DynamoError('SerializationException', message);
}

export function resourceNotFound(message = 'Requested resource not found'): DynamoError {
  return new DynamoError('ResourceNotFoundException', message);
}

export function conditionFailed(item?: Item): DynamoError {
  return new DynamoError(
    'ConditionalCheckFailedException',
    'The conditional request failed',
    item ? { Item: item } : {},
  );
}

export function transactionCanceled(reasons: readonly CancellationReason[]): DynamoError {
  const codes = reasons.map((reason) => reason.Code).join(', ');
  return new DynamoError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  );
}

/** What a transaction gets when another one holds an item. The engine has one thread and never raises it: fault injection does. */
export function transactionConflict(actions: number): DynamoError {
  const message = 'Transaction is ongoing for the item';
  return transactionCanceled(
    Array.from({ length: actions }, () => ({ Code: 'TransactionConflict', Message: message })),
  );
}
