import { serialization, validation } from './errors.ts';
import { isRecord } from './value.ts';

type Kind = 'string' | 'boolean' | 'integer' | 'map' | 'list' | readonly string[];
type Parameters = Readonly<Record<string, Kind>>;

const CAPACITY = ['INDEXES', 'TOTAL', 'NONE'];
const METRICS = ['SIZE', 'NONE'];
const ON_FAILURE = ['ALL_OLD', 'NONE'];
const expressionAttributes = { ExpressionAttributeNames: 'map', ExpressionAttributeValues: 'map' } as const;
const conditional = {
  ConditionExpression: 'string',
  ...expressionAttributes,
  ReturnValuesOnConditionCheckFailure: ON_FAILURE,
} as const;
const written = {
  ReturnValues: ['ALL_NEW', 'UPDATED_OLD', 'ALL_OLD', 'NONE', 'UPDATED_NEW'],
  ReturnConsumedCapacity: CAPACITY,
  ReturnItemCollectionMetrics: METRICS,
} as const;

/** Everything that each action (and each part of one) understands. What is not listed here is refused. */
export const parameters = {
  CreateTable: {
    TableName: 'string',
    AttributeDefinitions: 'list',
    KeySchema: 'list',
    BillingMode: ['PROVISIONED', 'PAY_PER_REQUEST'],
    ProvisionedThroughput: 'map',
    OnDemandThroughput: 'map',
    GlobalSecondaryIndexes: 'list',
    StreamSpecification: 'map',
    DeletionProtectionEnabled: 'boolean',
    TableClass: 'string',
    SSESpecification: 'map',
    Tags: 'list',
  },
  DescribeTable: { TableName: 'string' },
  DeleteTable: { TableName: 'string' },
  ListTables: { ExclusiveStartTableName: 'string', Limit: 'integer' },
  UpdateTimeToLive: { TableName: 'string', TimeToLiveSpecification: 'map' },
  DescribeTimeToLive: { TableName: 'string' },
  GetItem: {
    TableName: 'string',
    Key: 'map',
    ConsistentRead: 'boolean',
    ProjectionExpression: 'string',
    ExpressionAttributeNames: 'map',
    ReturnConsumedCapacity: CAPACITY,
  },
  PutItem: { TableName: 'string', Item: 'map', ...conditional, ...written },
  UpdateItem: { TableName: 'string', Key: 'map', UpdateExpression: 'string', ...conditional, ...written },
  DeleteItem: { TableName: 'string', Key: 'map', ...conditional, ...written },
  Scan: {
    TableName: 'string',
    Limit: 'integer',
    ConsistentRead: 'boolean',
    ExclusiveStartKey: 'map',
    ReturnConsumedCapacity: CAPACITY,
  },
  Query: {
    TableName: 'string',
    IndexName: 'string',
    KeyConditionExpression: 'string',
    FilterExpression: 'string',
    ProjectionExpression: 'string',
    ...expressionAttributes,
    Select: ['ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'SPECIFIC_ATTRIBUTES', 'COUNT'],
    Limit: 'integer',
    ConsistentRead: 'boolean',
    ScanIndexForward: 'boolean',
    ExclusiveStartKey: 'map',
    ReturnConsumedCapacity: CAPACITY,
  },
  BatchGetItem: { RequestItems: 'map', ReturnConsumedCapacity: CAPACITY },
  BatchWriteItem: { RequestItems: 'map', ReturnConsumedCapacity: CAPACITY, ReturnItemCollectionMetrics: METRICS },
  TransactGetItems: { TransactItems: 'list', ReturnConsumedCapacity: CAPACITY },
  TransactWriteItems: {
    TransactItems: 'list',
    ClientRequestToken: 'string',
    ReturnConsumedCapacity: CAPACITY,
    ReturnItemCollectionMetrics: METRICS,
  },
  'TransactGetItems.Get': {
    TableName: 'string',
    Key: 'map',
    ProjectionExpression: 'string',
    ExpressionAttributeNames: 'map',
  },
  'TransactWriteItems.Put': { TableName: 'string', Item: 'map', ...conditional },
  'TransactWriteItems.Update': { TableName: 'string', Key: 'map', UpdateExpression: 'string', ...conditional },
  'TransactWriteItems.Delete': { TableName: 'string', Key: 'map', ...conditional },
  'TransactWriteItems.ConditionCheck': { TableName: 'string', Key: 'map', ...conditional },
  'BatchGetItem.RequestItems': {
    Keys: 'list',
    ConsistentRead: 'boolean',
    ProjectionExpression: 'string',
    ExpressionAttributeNames: 'map',
  },
} as const satisfies Record<string, Parameters>;

export type Shape = keyof typeof parameters;

function fits(kind: Kind, value: unknown): boolean {
  if (kind === 'map') return isRecord(value);
  if (kind === 'list') return Array.isArray(value);
  if (kind === 'integer') return Number.isInteger(value);
  return typeof value === (kind === 'boolean' ? 'boolean' : 'string');
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** AWS's words for a parameter that breaks its model. */
export function constraint(value: unknown, name: string, rule: string): Error {
  return validation(
    `1 validation error detected: Value ${value === undefined ? 'null' : `'${String(value)}'`} at '${lowerFirst(name)}' failed to satisfy constraint: Member must ${rule}`,
  );
}

/** Checks a request, or a part of one, against the table above: no unknown parameter, no wrong type, no unknown choice. */
export function checkParameters(shape: Shape, body: Record<string, unknown>): void {
  const allowed: Parameters = parameters[shape];
  for (const name of Object.keys(body)) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    const kind = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
    if (kind === undefined)
      throw validation(`The parameter ${name} of ${shape} is not implemented by the embedded DynamoDB`);
    if (!fits(kind, value)) throw serialization(`The parameter ${name} of ${shape} has an unexpected type`);
    if (Array.isArray(kind) && !kind.includes(value)) {
      throw constraint(value, name, `satisfy enum value set: [${kind.join(', ')}]`);
    }
  }
}

export function optionalText(body: Record<string, unknown>, name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' ? value : undefined;
}

export function optionalMap(body: Record<string, unknown>, name: string): Record<string, unknown> | undefined {
  const value = body[name];
  return isRecord(value) ? value : undefined;
}

export function requiredText(body: Record<string, unknown>, name: string): string {
  const value = optionalText(body, name);
  if (value === undefined) throw constraint(undefined, name, 'not be null');
  return value;
}

export function requiredMap(body: Record<string, unknown>, name: string): Record<string, unknown> {
  const value = optionalMap(body, name);
  if (value === undefined) throw constraint(undefined, name, 'not be null');
  return value;
}

/** A list of objects; an absent one is empty. */
export function listOf(body: Record<string, unknown>, name: string): Record<string, unknown>[] {
  const value = body[name];
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every(isRecord)) return value;
  throw serialization(`The parameter ${name} has an unexpected type`);
}

export type CapacityMode = 'NONE' | 'TOTAL' | 'INDEXES';

export function capacityMode(body: Record<string, unknown>): CapacityMode {
  const mode = body.ReturnConsumedCapacity;
  return mode === 'TOTAL' || mode === 'INDEXES' ? mode : 'NONE';
}
