import type { Answer, Body, Call } from '../../support/dynamodb-client.ts';

/** One fixed case: what is done and what the answer must be. */
export type Case = {
  readonly name: string;
  readonly run: (call: Call) => Promise<unknown>;
  readonly expected: unknown;
  /** Why DynamoDB Local is known to answer otherwise than AWS; the oracle then leaves the case out. */
  readonly localDiffers?: string;
};

/** The error's type, with its text where the text is part of the case. */
export function failure(error: string, message?: string): Body {
  return message === undefined ? { error } : { error, message };
}

export const invalid = (message?: string): Body => failure('ValidationException', message);

/** The type alone, for errors whose text AWS and DynamoDB Local word differently. */
export function typeOnly(answer: Answer): unknown {
  return 'error' in answer ? { error: answer.error } : answer;
}

export function outcome(answer: Answer): unknown {
  return 'error' in answer ? { error: answer.error, message: answer.message } : answer.ok;
}

/** The tables that the cases use. */
export const tables: readonly Body[] = [
  {
    TableName: 'main',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk', 'gsi1pk', 'gsi1sk'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'gsi1',
        KeySchema: [
          { AttributeName: 'gsi1pk', KeyType: 'HASH' },
          { AttributeName: 'gsi1sk', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  },
  {
    TableName: 'numbers',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'n', AttributeType: 'N' },
      { AttributeName: 'b', AttributeType: 'B' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'n', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-binary',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'b', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
      {
        IndexName: 'by-text',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['x'] },
      },
    ],
  },
  {
    TableName: 'simple',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  },
];
