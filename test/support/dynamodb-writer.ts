import { writeSync } from 'node:fs';
import { DynamoEngine } from '../../cdk/local/dynamodb/engine.ts';
import { key, N, S } from './dynamodb-values.ts';

/**
 * Writes transactions of a record and its event into the file that it is given, until a test kills it. Each
 * printed number is a transaction that was answered.
 */
const engine = new DynamoEngine({ file: process.argv[2] ?? '' });

/** Ends by itself should nobody kill it. */
const MAX_TRANSACTIONS = 20_000;

for (let number = 0; number < MAX_TRANSACTIONS; number += 1) {
  engine.execute('TransactWriteItems', {
    TransactItems: [
      {
        Update: {
          TableName: 'main',
          Key: key('record', 'record'),
          UpdateExpression: 'SET version = :number',
          ExpressionAttributeValues: { ':number': N(number) },
        },
      },
      { Put: { TableName: 'main', Item: { ...key('record', `event#${number}`), filler: S('x'.repeat(500)) } } },
    ],
  });
  // Written at once: a loop that never pauses would keep a stream from writing.
  writeSync(1, `${number}\n`);
}
