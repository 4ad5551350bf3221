import { expect } from 'vitest';
import * as z from 'zod/mini';
import { startDynamoServer } from '../../cdk/local/dynamodb/server.ts';
import { tablesOf, toolClient } from '../../lib/table/whole-table.ts';
import { verifyTable } from '../../lib/verify/verify.ts';
import type { Database } from './database.ts';

const Clock = z.object({ offsetMs: z.number() });

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
  const { offsetMs: aheadMs } = Clock.parse(await (await fetch(`${localUrl}/clock`)).json());
  expect((await verifyTable(client, table, portalId, { aheadMs })).problems).toEqual([]);
}

/** What the projector keeps. In a test file's table it is wrong unless the file brings it up to date itself, because no projector runs there. */
const projected = [
  'counter',
  'text',
  'list days',
  'dynamic list',
  'unassociated',
  'attribution',
  'survey results',
] as const;

type Kept = { readonly kept?: readonly (typeof projected)[number][] };

/** What does not agree in a test file's table. Of what the projector keeps, only what the file says that it `kept` is looked at. */
export async function disagreements({ engine, app }: Database, { kept = [] }: Kept = {}) {
  const left = projected.filter((check) => !kept.includes(check)) as readonly string[];
  const server = await startDynamoServer(engine, 0, { scans: true });
  try {
    const { problems } = await verifyTable(toolClient(server.url), 'table', app.portalId, { secondLookMs: 0 });
    return problems.filter(({ check }) => !left.includes(check));
  } finally {
    await server.close();
  }
}
