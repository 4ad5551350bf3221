import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Key } from './keys.ts';
import type { Item } from './write.ts';

/**
 * Every item of a table, page after page, read consistently. For tools that an operator runs with his own credentials: no function may
 * scan, and the embedded table refuses it to all but those who say that they are tools.
 */
export async function* wholeTable(
  client: DynamoDBDocumentClient,
  table: string,
): AsyncGenerator<readonly (Key & Item)[]> {
  let startAfter: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: table, ConsistentRead: true, ExclusiveStartKey: startAfter }),
    );
    yield (page.Items ?? []) as (Key & Item)[];
    startAfter = page.LastEvaluatedKey;
  } while (startAfter);
}

/** A client for such a tool; `endpoint` and any credentials for the table of localhost, otherwise the operator's own. */
export const toolClient = (endpoint?: string): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(
    new DynamoDBClient({
      ...(endpoint && {
        endpoint,
        region: 'ap-northeast-1',
        credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' },
      }),
    }),
    { marshallOptions: { removeUndefinedValues: true } },
  );

export const tablesOf = async (client: DynamoDBDocumentClient): Promise<string[]> =>
  (await client.send(new ListTablesCommand({}))).TableNames ?? [];
