import { expect } from 'vitest';
import { startDynamoServer } from '../../cdk/local/dynamodb/server.ts';
import { tablesOf, toolClient } from '../../lib/table/whole-table.ts';
import { verifyTable } from '../../lib/verify/verify.ts';
import type { Database } from './database.ts';

/** Proves that everything in the table of a running system agrees, when it has come to rest. */
export async function expectVerified({
  localUrl,
  dynamodbUrl,
  portalId,
}: {
  readonly localUrl: string;
  readonly dynamodbUrl: string;
  readonly portalId: number;
}): Promise<void> {
  await fetch(`${localUrl}/idle`, { method: 'POST' });
  const client = toolClient(dynamodbUrl);
  const [table = ''] = await tablesOf(client);
  expect((await verifyTable(client, table, portalId)).problems).toEqual([]);
}

/** What does not agree in a test file's table. Counters and the text index, which the projector keeps, are left out: nobody runs it there. */
export async function disagreements({ engine, app }: Database) {
  const server = await startDynamoServer(engine, 0, { scans: true });
  try {
    const { problems } = await verifyTable(toolClient(server.url), 'table', app.portalId, { secondLookMs: 0 });
    return problems.filter(({ check }) => check !== 'counter' && check !== 'text');
  } finally {
    await server.close();
  }
}
