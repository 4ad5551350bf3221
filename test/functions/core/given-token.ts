import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { hashToken } from '../../../lib/core/token.ts';
import { tokenKey } from '../../../lib/table/keys.ts';

/** The table's client, answering what a test tells it to. */
export const tableClient = () => mockClient(DynamoDBDocumentClient);
type TableClient = ReturnType<typeof tableClient>;

let drawn = 0;
/** A secret that no other test uses: a token is remembered for a minute. */
export const newSecret = () => {
  drawn += 1;
  return `secret-${drawn}`;
};

/** Puts a token into the table and returns the header that carries it. */
export function givenToken(dynamo: TableClient, token: Record<string, unknown> = {}, secret = newSecret()) {
  dynamo.on(GetCommand, { Key: tokenKey(hashToken(secret)) }).resolves({
    Item: { tokenId: '1', name: 'test', createdAt: '2026-11-22T00:00:00.000Z', scopes: ['*'], ...token },
  });
  return { authorization: `Bearer ${secret}` };
}
