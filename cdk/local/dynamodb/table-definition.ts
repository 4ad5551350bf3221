import { invalidParameter, validation } from './errors.ts';
import type { KeyAttribute, KeySchema } from './key.ts';
import { keyAttributes } from './key.ts';
import { constraint, listOf, optionalMap, optionalText, requiredText } from './request.ts';

export type IndexDefinition = {
  readonly name: string;
  readonly key: KeySchema;
  /** Names of the attributes that the index holds besides all keys; undefined for all attributes. */
  readonly projected?: readonly string[];
  readonly description: Readonly<Record<string, unknown>>;
};
export type StreamView = 'NEW_AND_OLD_IMAGES' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'KEYS_ONLY';
/** A table as CreateTable defined it; stored as JSON. */
export type TableDefinition = {
  readonly name: string;
  readonly key: KeySchema;
  readonly indexes: readonly IndexDefinition[];
  readonly stream?: { readonly view: StreamView; readonly label: string };
  readonly deletionProtection: boolean;
  readonly createdAt: number;
  /** The members of CreateTable that DescribeTable repeats. */
  readonly attributes: readonly Readonly<Record<string, unknown>>[];
  readonly keySchema: readonly Readonly<Record<string, unknown>>[];
  readonly billingMode: string;
  readonly expiryAttribute?: string;
};

const NAME = /^[a-zA-Z0-9_.-]{3,255}$/;
const VIEWS: readonly StreamView[] = ['NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY'];
const MAX_INDEXES = 20;

export function checkTableName(name: string, parameter = 'TableName'): void {
  if (name.length < 3 || name.length > 255) throw constraint(name, parameter, 'have length between 3 and 255');
  if (!NAME.test(name)) throw constraint(name, parameter, 'satisfy regular expression pattern: [a-zA-Z0-9_.-]+');
}

function readAttributes(definitions: readonly Record<string, unknown>[]): Map<string, KeyAttribute> {
  return new Map(
    definitions.map((definition) => {
      const name = requiredText(definition, 'AttributeName');
      const type = requiredText(definition, 'AttributeType');
      if (type !== 'S' && type !== 'N' && type !== 'B') {
        throw constraint(type, 'attributeDefinitions.1.member.attributeType', 'satisfy enum value set: [B, N, S]');
      }
      return [name, { name, type }];
    }),
  );
}

function readKeySchema(
  schema: readonly Record<string, unknown>[],
  attributes: ReadonlyMap<string, KeyAttribute>,
): KeySchema {
  const [hash, range, ...rest] = schema;
  if (!hash) throw constraint(undefined, 'keySchema', 'not be null');
  if (rest.length > 0) throw constraint(schema.length, 'keySchema', 'have length less than or equal to 2');
  if (hash.KeyType !== 'HASH') {
    throw validation('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  }
  if (range && range.KeyType !== 'RANGE') {
    throw validation('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  }
  const names = schema.map((element) => requiredText(element, 'AttributeName'));
  if (names.length === 2 && names[0] === names[1]) {
    throw validation('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  }
  const [first, second] = names.map((name) => {
    const attribute = attributes.get(name);
    if (attribute) return attribute;
    throw invalidParameter(
      `Some index key attributes are not defined in AttributeDefinitions. Keys: [${name}], AttributeDefinitions: [${[...attributes.keys()].join(', ')}]`,
    );
  });
  return { hash: first as KeyAttribute, ...(second && { range: second }) };
}

function readProjection(index: Record<string, unknown>): readonly string[] | undefined {
  const projection = optionalMap(index, 'Projection');
  const names = projection?.NonKeyAttributes;
  switch (projection?.ProjectionType) {
    case 'ALL':
      if (names !== undefined) throw invalidParameter('ProjectionType is ALL, but NonKeyAttributes is specified');
      return undefined;
    case 'KEYS_ONLY':
      if (names !== undefined) throw invalidParameter('ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified');
      return [];
    case 'INCLUDE':
      if (Array.isArray(names) && names.length > 0) return names.map(String);
      throw invalidParameter('ProjectionType is INCLUDE, but NonKeyAttributes is not specified');
    default:
      throw invalidParameter('Unknown ProjectionType: null');
  }
}

function readIndex(raw: Record<string, unknown>, attributes: ReadonlyMap<string, KeyAttribute>): IndexDefinition {
  for (const name of Object.keys(raw)) {
    if (!['IndexName', 'KeySchema', 'Projection', 'ProvisionedThroughput', 'OnDemandThroughput'].includes(name)) {
      throw validation(`The parameter ${name} of a global secondary index is not implemented by the embedded DynamoDB`);
    }
  }
  const name = requiredText(raw, 'IndexName');
  checkTableName(name, 'globalSecondaryIndexes.1.member.indexName');
  const projected = readProjection(raw);
  return {
    name,
    key: readKeySchema(listOf(raw, 'KeySchema'), attributes),
    ...(projected && { projected }),
    description: { IndexName: name, KeySchema: raw.KeySchema, Projection: raw.Projection },
  };
}

function readStream(body: Record<string, unknown>, now: number): TableDefinition['stream'] {
  const specification = optionalMap(body, 'StreamSpecification');
  if (specification?.StreamEnabled !== true) return undefined;
  const view = VIEWS.find((name) => name === specification.StreamViewType);
  if (!view) {
    throw validation(
      'One or more parameter values were invalid: StreamViewType must be specified when the stream is enabled',
    );
  }
  return { view, label: new Date(now).toISOString().replace('Z', '') };
}

/** Checks CreateTable's parameters. */
export function defineTable(body: Record<string, unknown>, now: number): TableDefinition {
  const name = requiredText(body, 'TableName');
  checkTableName(name);
  const definitions = listOf(body, 'AttributeDefinitions');
  const attributes = readAttributes(definitions);
  const keySchema = listOf(body, 'KeySchema');
  const key = readKeySchema(keySchema, attributes);
  const indexes = listOf(body, 'GlobalSecondaryIndexes').map((raw) => readIndex(raw, attributes));
  if (indexes.length > MAX_INDEXES) {
    throw invalidParameter(`GlobalSecondaryIndex count exceeds the per-table limit of ${MAX_INDEXES}`);
  }
  const names = indexes.map((index) => index.name);
  const duplicate = names.find((index, position) => names.indexOf(index) !== position);
  if (duplicate !== undefined) throw invalidParameter(`Duplicate index name: ${duplicate}`);
  checkDefinitionsUsed([key, ...indexes.map((index) => index.key)], attributes);
  const stream = readStream(body, now);
  return {
    name,
    key,
    indexes,
    ...(stream && { stream }),
    deletionProtection: body.DeletionProtectionEnabled === true,
    createdAt: now,
    attributes: definitions,
    keySchema,
    billingMode: optionalText(body, 'BillingMode') ?? 'PROVISIONED',
  };
}

function checkDefinitionsUsed(keys: readonly KeySchema[], attributes: ReadonlyMap<string, KeyAttribute>): void {
  const used = new Set(keys.flatMap(keyAttributes).map((attribute) => attribute.name));
  if (used.size === attributes.size) return;
  throw invalidParameter(
    `Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions`,
  );
}

/** ARNs of the embedded engine: one fixed region and account. */
function tableArn(region: string, name: string): string {
  return `arn:aws:dynamodb:${region}:000000000000:table/${name}`;
}

export function streamArn(region: string, definition: TableDefinition): string {
  return `${tableArn(region, definition.name)}/stream/${definition.stream?.label ?? ''}`;
}

/** The answer of DescribeTable. */
export function describeTable(
  definition: TableDefinition,
  region: string,
  count: { readonly items: number; readonly bytes: number },
  status: 'ACTIVE' | 'DELETING' = 'ACTIVE',
): Record<string, unknown> {
  const arn = tableArn(region, definition.name);
  const { stream, indexes } = definition;
  return {
    AttributeDefinitions: definition.attributes,
    TableName: definition.name,
    KeySchema: definition.keySchema,
    TableStatus: status,
    CreationDateTime: definition.createdAt / 1000,
    TableSizeBytes: count.bytes,
    ItemCount: count.items,
    TableArn: arn,
    ...(definition.billingMode === 'PAY_PER_REQUEST' && { BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } }),
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map((index) => ({
        ...index.description,
        IndexStatus: 'ACTIVE',
        IndexArn: `${arn}/index/${index.name}`,
      })),
    }),
    ...(stream && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: stream.view },
      LatestStreamLabel: stream.label,
      LatestStreamArn: streamArn(region, definition),
    }),
    DeletionProtectionEnabled: definition.deletionProtection,
  };
}
