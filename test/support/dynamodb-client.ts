import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';

const commands = {
  BatchGetItem: BatchGetItemCommand,
  BatchWriteItem: BatchWriteItemCommand,
  CreateTable: CreateTableCommand,
  DeleteItem: DeleteItemCommand,
  DeleteTable: DeleteTableCommand,
  DescribeTable: DescribeTableCommand,
  DescribeTimeToLive: DescribeTimeToLiveCommand,
  GetItem: GetItemCommand,
  ListTables: ListTablesCommand,
  PutItem: PutItemCommand,
  Query: QueryCommand,
  Scan: ScanCommand,
  TransactGetItems: TransactGetItemsCommand,
  TransactWriteItems: TransactWriteItemsCommand,
  UpdateItem: UpdateItemCommand,
  UpdateTimeToLive: UpdateTimeToLiveCommand,
} as const;

export type ActionName = keyof typeof commands;
export type Body = Record<string, unknown>;
/** What an endpoint answered: the output without metadata, or the error with everything a caller can read from it. */
export type Answer = { ok: Body } | { error: string; message: string; reasons?: unknown; item?: unknown };
export type Call = (action: ActionName, body: Body) => Promise<Answer>;

function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** Cases write binary as base64, as it travels; the SDK takes bytes. */
function toSdk(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toSdk);
  if (!isBody(value)) return value;
  const bytes = (text: unknown): unknown =>
    typeof text === 'string' ? new Uint8Array(Buffer.from(text, 'base64')) : text;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (name === 'B') return [name, typeof inner === 'string' ? bytes(inner) : toSdk(inner)];
      if (name === 'BS' && Array.isArray(inner)) return [name, inner.map(bytes)];
      return [name, toSdk(inner)];
    }),
  );
}

function fromSdk(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(fromSdk);
  if (!isBody(value) || value instanceof Date) return value;
  const entries = Object.entries(value).filter(([name, inner]) => name !== '$metadata' && inner !== undefined);
  return Object.fromEntries(entries.map(([name, inner]) => [name, fromSdk(inner)]));
}

/** Calls a DynamoDB endpoint through AWS's own client and never throws what the service answers. */
export function dynamoCaller(endpoint: string): { call: Call; close(): void } {
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  const call: Call = async (action, body) => {
    // Each action has its own input type; the bodies of cases are also wrong on purpose.
    const Command = commands[action] as unknown as new (input: unknown) => GetItemCommand;
    try {
      return { ok: fromSdk(await client.send(new Command(toSdk(body)))) as Body };
    } catch (error) {
      if (!(error instanceof Error) || !('$metadata' in error)) throw error;
      const { CancellationReasons: reasons, Item: item } = error as Error & {
        CancellationReasons?: unknown;
        Item?: unknown;
      };
      return {
        error: error.name,
        message: error.message,
        ...(reasons !== undefined && { reasons: fromSdk(reasons) }),
        ...(item !== undefined && { item: fromSdk(item) }),
      };
    }
  };
  return { call, close: () => client.destroy() };
}
