import { DynamoEngine } from '../dynamodb/engine.ts';
import { DynamoError } from '../dynamodb/errors.ts';
import type { TableModel } from '../model.ts';
import type { TableStreams } from '../services/stream-poller.ts';

type Body = Record<string, unknown>;

/** DynamoDB as the rest of the system needs it: the embedded engine, or another instance somewhere. */
export interface Database extends TableStreams {
  execute(action: string, body: Body): Body | Promise<Body>;
  /** A page of a whole table, which the embedded engine gives to tools only; the policies keep it from functions. */
  scan?(body: Body): Body;
  /** Deletes what has expired by the system's clock. */
  sweepExpired(): void;
  close(): void | Promise<void>;
}

/** The embedded engine on a file, or in memory. */
export function embeddedDatabase(file: string, now: () => number): Database {
  return new DynamoEngine({ file, now, realNow: Date.now });
}

/** What CreateTable takes of a template's table; the rest (deletion protection, backups, tags) guards the account. */
const createTableFields = [
  'AttributeDefinitions',
  'KeySchema',
  'BillingMode',
  'GlobalSecondaryIndexes',
  'LocalSecondaryIndexes',
];

/** Creates the tables that are not there yet, as the template defines them. */
export async function createTables(database: Database, tables: readonly TableModel[]): Promise<void> {
  for (const { name, definition } of tables) {
    if (await exists(database, name)) continue;
    await database.execute('CreateTable', createTableInput(name, definition));
    const ttl = definition.TimeToLiveSpecification as { AttributeName: string; Enabled: boolean } | undefined;
    if (ttl?.Enabled) await database.execute('UpdateTimeToLive', { TableName: name, TimeToLiveSpecification: ttl });
  }
}

function createTableInput(TableName: string, definition: TableModel['definition']): Body {
  const fields = Object.fromEntries(
    createTableFields.flatMap((field) => (field in definition ? [[field, definition[field]]] : [])),
  );
  const stream = definition.StreamSpecification as { StreamViewType: string } | undefined;
  return {
    TableName,
    ...fields,
    ...(stream && { StreamSpecification: { StreamEnabled: true, StreamViewType: stream.StreamViewType } }),
  };
}

async function exists(database: Database, TableName: string): Promise<boolean> {
  try {
    await database.execute('DescribeTable', { TableName });
    return true;
  } catch (error) {
    if (error instanceof DynamoError && error.type === 'ResourceNotFoundException') return false;
    throw error;
  }
}
