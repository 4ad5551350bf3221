import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { type Stack, stackOf } from '../../../cdk/local/template.ts';

const root = new URL('../../..', import.meta.url).pathname;

/** Two functions: `notes/create` stores what is posted, `notes/announce` reads the queue behind the bus and stores that it saw it. */
const sources: Readonly<Record<string, string>> = {
  'notes/create': `
    import { DynamoDBClient, PutItemCommand, ScanCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
    const dynamo = new DynamoDBClient({ maxAttempts: 1 });
    let calls = 0;
    export const handler = async (event, context) => {
      calls += 1;
      const TableName = process.env.TABLE_NAME;
      if (event.routeKey === 'GET /notes') return { statusCode: 200, body: JSON.stringify(await dynamo.send(new ScanCommand({ TableName }))) };
      const { id } = event.pathParameters;
      if (event.requestContext.http.method === 'GET') {
        const { Item } = await dynamo.send(new GetItemCommand({ TableName, Key: { pk: { S: id } }, ConsistentRead: true }));
        return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ item: Item, calls, now: Date.now() }) };
      }
      await dynamo.send(new PutItemCommand({ TableName, Item: { pk: { S: id }, text: { S: event.body ?? '' } } }));
      return { statusCode: 201, body: id, cookies: ['a=1', 'b=2'] };
    };`,
  'notes/publish': `
    import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
    const events = new EventBridgeClient({ maxAttempts: 1 });
    export const handler = async ({ Records }) => {
      const Entries = Records.map(({ dynamodb }) => ({
        EventBusName: process.env.BUS_NAME, Source: 'notes', DetailType: 'note.created', Detail: JSON.stringify({ id: dynamodb.Keys.pk.S }),
      }));
      await events.send(new PutEventsCommand({ Entries }));
    };`,
  'notes/announce': `
    import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
    const dynamo = new DynamoDBClient({});
    export const handler = async ({ Records }) => {
      for (const { body } of Records) {
        const { detail } = JSON.parse(body);
        await dynamo.send(new PutItemCommand({ TableName: process.env.TABLE_NAME, Item: { pk: { S: 'seen-' + detail.id }, seen: { BOOL: true } } }));
      }
      return { batchItemFailures: [] };
    };`,
};

/** Bundles the functions into a fresh folder and gives the template that runs them. */
export async function tinyStack(): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), 'tiny-stack-'));
  const entries = Object.entries(sources).map(([id, source]) => {
    const file = join(folder, 'source', `${id}.mjs`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, source);
    return { in: file, out: id };
  });
  await build({
    absWorkingDir: root,
    nodePaths: [join(root, 'node_modules')],
    entryPoints: entries,
    outdir: join(folder, 'asset'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    banner: { js: `import { createRequire as __r } from 'node:module'; const require = __r(import.meta.url);` },
    logLevel: 'error',
  });
  return stackOf('tiny', template(), folder);
}

const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
const allow = (actions: readonly string[], resource: unknown) => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resource,
});

const role = (...Statement: unknown[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: { Policies: [{ PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement } }] },
});

const fn = (id: string, roleId: string, Variables: Record<string, unknown>, Timeout = 5) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Handler: `${id}.handler`,
    Role: arnOf(roleId),
    Runtime: 'nodejs24.x',
    MemorySize: 256,
    Timeout,
    Environment: { Variables },
  },
  Metadata: { 'aws:asset:path': 'asset' },
});

const table = { Ref: 'Table' };
const streamArn = { 'Fn::GetAtt': ['Table', 'StreamArn'] };

const template = () => ({
  Resources: {
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        DeletionProtectionEnabled: true,
      },
    },
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'notes' } },
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 10,
        RedrivePolicy: { deadLetterTargetArn: arnOf('DeadLetters'), maxReceiveCount: 3 },
      },
    },
    DeadLetters: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'notes-dead-letters' } },
    QueuePolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Queue' }],
        PolicyDocument: {
          Statement: [
            {
              ...allow(['sqs:SendMessage'], arnOf('Queue')),
              Action: 'sqs:SendMessage',
              Principal: { Service: 'events.amazonaws.com' },
            },
          ],
        },
      },
    },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: { Ref: 'Bus' },
        EventPattern: { source: ['notes'] },
        Targets: [{ Id: 'queue', Arn: arnOf('Queue') }],
      },
    },
    CreateRole: role(allow(['dynamodb:PutItem', 'dynamodb:GetItem'], arnOf('Table'))),
    PublishRole: role(
      allow(['events:PutEvents'], arnOf('Bus')),
      allow(['dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:DescribeStream'], streamArn),
      allow(['dynamodb:ListStreams'], '*'),
    ),
    AnnounceRole: role(
      allow(['dynamodb:PutItem'], arnOf('Table')),
      allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], arnOf('Queue')),
    ),
    Create: fn('notes/create', 'CreateRole', { TABLE_NAME: table, PORTAL_ID: '7' }),
    Publish: fn('notes/publish', 'PublishRole', { BUS_NAME: { Ref: 'Bus' } }),
    Announce: fn('notes/announce', 'AnnounceRole', { TABLE_NAME: table }),
    StreamReader: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: streamArn,
        FunctionName: { Ref: 'Publish' },
        StartingPosition: 'TRIM_HORIZON',
        // PutEvents takes no more entries in one call.
        BatchSize: 10,
        FilterCriteria: {
          Filters: [
            {
              Pattern: JSON.stringify({ dynamodb: { Keys: { pk: { S: [{ 'anything-but': { prefix: 'seen-' } }] } } } }),
            },
          ],
        },
      },
    },
    QueueReader: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: arnOf('Queue'),
        FunctionName: { Ref: 'Announce' },
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      },
    },
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'tiny-api', ProtocolType: 'HTTP' } },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Api' },
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: arnOf('Create'),
        PayloadFormatVersion: '2.0',
      },
    },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: arnOf('Create'),
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
      },
    },
    ...Object.fromEntries(
      ['POST /notes/{id}', 'GET /notes/{id}', 'GET /notes'].map((RouteKey, index) => [
        `Route${index}`,
        {
          Type: 'AWS::ApiGatewayV2::Route',
          Properties: {
            ApiId: { Ref: 'Api' },
            RouteKey,
            Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
          },
        },
      ]),
    ),
  },
});
