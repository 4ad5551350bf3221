import '../../support/environment.ts';
import { DynamoEngine } from '../../../cdk/local/dynamodb/engine.ts';
import { startDynamoServer } from '../../../cdk/local/dynamodb/server.ts';
import { app } from '../../../lib/core/app.ts';
import { hashToken } from '../../../lib/core/token.ts';
import { tokenKey } from '../../../lib/table/keys.ts';
import { type Answer, type Call, call } from '../../support/call.ts';

const secret = 'pat-stand';

/** Every function against the embedded engine, through the door that API Gateway uses, in this process. */
export async function startStand() {
  const engine = new DynamoEngine({ file: ':memory:' });
  const server = await startDynamoServer(engine);
  process.env.AWS_ENDPOINT_URL_DYNAMODB = server.url;
  engine.execute('CreateTable', {
    TableName: process.env.TABLE_NAME,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk', 'gsi1pk', 'gsi1sk'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: keys('pk', 'sk'),
    GlobalSecondaryIndexes: [
      { IndexName: 'gsi1', KeySchema: keys('gsi1pk', 'gsi1sk'), Projection: { ProjectionType: 'ALL' } },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  });
  const own = app({ actor: { kind: 'system', id: 'test' } });
  const token = { tokenId: '7', name: 'test', scopes: ['*'], createdAt: '2026-11-22T00:00:00.000Z' };
  await own.table.commit([{ put: { ...tokenKey(hashToken(secret)), ...token } }]);
  return { app: own, engine, request, stop: () => server.close() };
}

const keys = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' },
  { AttributeName: range, KeyType: 'RANGE' },
];

/** A JSON body as a test reads it: whatever it looks into must be there, or the expectation fails. */
type Json = { readonly [name: string]: Json } & { readonly [position: number]: Json } & Pick<Json[], 'length' | 'map'>;
type JsonAnswer = Omit<Answer, 'body'> & { readonly body: Json };

/** Calls one function with a token that holds every scope. */
async function request(id: string, given: Call = {}): Promise<JsonAnswer> {
  const [area, file] = id.split('/');
  const { handler } = (await import(`../../../functions/${area}/${file}.ts`)) as { handler: unknown };
  const answer = await call(handler, {
    ...given,
    headers: { authorization: `Bearer ${secret}`, 'x-tsunagi-cost': '1', ...given.headers },
  });
  return answer as JsonAnswer;
}

/** What an answer cost, from its header. */
export function costOf({ headers }: Pick<Answer, 'headers'>): { calls: number; rru: number; wru: number } {
  const entries = (headers['x-tsunagi-cost'] ?? '').split(';').map((part) => part.split('='));
  return Object.fromEntries(entries.map(([name, value]) => [name, Number(value)])) as {
    calls: number;
    rru: number;
    wru: number;
  };
}
