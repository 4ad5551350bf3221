import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { DynamoEngine } from '../../../cdk/local/dynamodb/engine.ts';
import { key, N, S } from '../../support/dynamodb-values.ts';
import { tables } from './case.ts';

const writer = fileURLToPath(new URL('../../support/dynamodb-writer.ts', import.meta.url));

/** Starts the writer, kills it without warning once it has answered so many transactions, and gives the last of them. */
async function killAfter(file: string, answered: number): Promise<number> {
  const child = spawn(process.execPath, [writer, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  let last = -1;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    if (last === answered) child.kill('SIGKILL');
  }
  await exited;
  return last;
}

test('after a kill in the middle of writes every transaction is there as a whole or not at all', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crash-'));
  const file = join(folder, 'table.db');
  const prepared = new DynamoEngine({ file });
  prepared.execute('CreateTable', tables[0] as Record<string, unknown>);
  prepared.close();
  try {
    for (const answered of [3, 50, 400]) {
      const last = await killAfter(file, answered);
      const engine = new DynamoEngine({ file });
      const { Item: record } = engine.execute('GetItem', { TableName: 'main', Key: key('record', 'record') }) as {
        Item: { version: { N: string } };
      };
      const version = Number(record.version.N);
      const query = {
        TableName: 'main',
        KeyConditionExpression: 'pk = :p AND begins_with(sk, :s)',
        ExpressionAttributeValues: { ':p': S('record'), ':s': S('event#') },
        Select: 'COUNT',
      };
      const stream = engine.readStream('main', { limit: 100_000 });
      const versions = stream.flatMap(({ dynamodb }) =>
        dynamodb.NewImage?.version ? [dynamodb.NewImage.version] : [],
      );
      expect(version).toBeGreaterThanOrEqual(last);
      expect(engine.execute('Query', query).Count).toBe(version + 1);
      expect(versions.at(-1)).toEqual(N(version));
      expect(stream).toHaveLength(2 * (version + 1));
      engine.execute('DeleteTable', { TableName: 'main' });
      engine.execute('CreateTable', tables[0] as Record<string, unknown>);
      engine.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
