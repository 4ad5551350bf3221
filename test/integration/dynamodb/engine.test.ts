import { afterAll, beforeAll } from 'vitest';
import { DynamoEngine } from '../../../cdk/local/dynamodb/engine.ts';
import { startDynamoServer } from '../../../cdk/local/dynamodb/server.ts';
import { type Call, dynamoCaller } from '../../support/dynamodb-client.ts';
import { createTables } from './cases.ts';
import { conformance } from './conformance.ts';

const engine = new DynamoEngine({ file: ':memory:' });
const closers: (() => unknown)[] = [() => engine.close()];
let call: Call;

beforeAll(async () => {
  const server = await startDynamoServer(engine);
  const caller = dynamoCaller(server.url);
  closers.unshift(caller.close, server.close);
  call = caller.call;
  await createTables(call);
});

afterAll(async () => {
  for (const close of closers) await close();
});

conformance(() => call);
