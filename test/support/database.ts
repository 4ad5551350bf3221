import './environment.ts';
import { DynamoEngine } from '../../cdk/local/dynamodb/engine.ts';
import { startDynamoServer } from '../../cdk/local/dynamodb/server.ts';
import { type App, app } from '../../lib/core/app.ts';
import { hashToken } from '../../lib/core/token.ts';
import { tokenKey } from '../../lib/table/keys.ts';

export type Database = {
  readonly engine: DynamoEngine;
  /** What a handler works with, for looking into the table. */
  readonly app: App;
  readonly close: () => Promise<void>;
};

/** The secret of a token with every scope. */
const admin = 'admin-token';
export const bearer = (secret = admin) => ({ authorization: `Bearer ${secret}` });

const keySchema = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' },
  { AttributeName: range, KeyType: 'RANGE' },
];

/** The client of handlers lives as long as the process: a later database takes the address of the one before. */
let port = 0;

/** An empty table in memory, to which the handlers of this test file are led, and a token with every scope. One for a file. */
export async function startDatabase(): Promise<Database> {
  const engine = new DynamoEngine({ file: ':memory:' });
  const server = await startDynamoServer(engine, port);
  port = Number(new URL(server.url).port);
  process.env.AWS_ENDPOINT_URL_DYNAMODB = server.url;
  engine.execute('CreateTable', {
    TableName: 'table',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk', 'gsi1pk', 'gsi1sk'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: keySchema('pk', 'sk'),
    GlobalSecondaryIndexes: [
      { IndexName: 'gsi1', KeySchema: keySchema('gsi1pk', 'gsi1sk'), Projection: { ProjectionType: 'ALL' } },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  });
  const token = { tokenId: '1', name: 'test', scopes: ['*'], createdAt: '2026-11-22T00:00:00.000Z' };
  const direct = app({ actor: { kind: 'system', id: 'test' } });
  await direct.table.commit([{ put: { ...tokenKey(hashToken(admin)), ...token } }]);
  return { engine, app: direct, close: () => server.close() };
}

/** The headers of a token that holds these scopes only. */
export async function limitedTo({ app }: Pick<Database, 'app'>, ...scopes: string[]) {
  const secret = `limited-${scopes.join(',')}`;
  const token = { tokenId: '3', name: 'limited', scopes, createdAt: '2026-11-22T00:00:00.000Z' };
  await app.table.commit([{ put: { ...tokenKey(hashToken(secret)), ...token } }]);
  return bearer(secret);
}
