import { expect, test } from 'vitest';
import { readModel } from '../../../cdk/local/host/read-model.ts';
import { stackOf } from '../../../cdk/local/template.ts';

const place = {
  region: 'ap-northeast-1',
  accountId: '000000000000',
  awsUrl: 'http://127.0.0.1:4000',
  apiUrl: 'http://127.0.0.1:3000',
};
const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

type Resources = Record<
  string,
  { Type: string; Properties?: Record<string, unknown>; Metadata?: Record<string, unknown> }
>;

/** A policy by which a queue lets in the events of one rule. */
const admitting = (queue: string, rule: unknown) => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: {
    Queues: [{ Ref: queue }],
    PolicyDocument: {
      Statement: {
        Effect: 'Allow',
        Action: 'sqs:SendMessage',
        Resource: arnOf(queue),
        Principal: { Service: 'events.amazonaws.com' },
        Condition: { ArnEquals: { 'aws:SourceArn': [rule] } },
      },
    },
  },
});

const policy = (Action: readonly string[], Resource: unknown) => ({
  Type: 'AWS::IAM::Policy',
  Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource }] } },
});

/** A function that reads a queue, is fed by a rule and serves a route; `changes` replaces resources, undefined removes one. */
const model = (changes: Record<string, Resources[string] | undefined> = {}) => {
  const resources = Object.entries({ ...base, ...changes }).filter(([, resource]) => resource !== undefined);
  return readModel([stackOf('app', { Resources: Object.fromEntries(resources) }, '/app')], place);
};

const base: Resources = {
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      ManagedPolicyArns: [
        {
          'Fn::Join': [
            '',
            ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
          ],
        },
      ],
    },
  },
  Policy: policy(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], arnOf('Queue')),
  Function: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Handler: 'objects/create.handler',
      Role: arnOf('Role'),
      Runtime: 'nodejs24.x',
      Timeout: '7',
      Environment: { Variables: { QUEUE_URL: { Ref: 'Queue' }, PORTAL_ID: 5 } },
    },
    Metadata: { 'aws:asset:path': 'asset' },
  },
  Queue: {
    Type: 'AWS::SQS::Queue',
    Properties: { RedrivePolicy: { deadLetterTargetArn: arnOf('Dead'), maxReceiveCount: 4 } },
  },
  Dead: { Type: 'AWS::SQS::Queue' },
  Mapping: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: arnOf('Queue'),
      FunctionName: { Ref: 'Function' },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 3 },
    },
  },
  QueuePolicy: admitting('Queue', arnOf('Rule')),
  DeadPolicy: admitting('Dead', arnOf('Rule')),
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['a'] },
      Targets: [{ Id: 't', Arn: arnOf('Queue'), DeadLetterConfig: { Arn: arnOf('Dead') } }],
    },
  },
  Api: {
    Type: 'AWS::ApiGatewayV2::Api',
    Properties: { Name: 'app-public', ProtocolType: 'HTTP', CorsConfiguration: { AllowOrigins: ['*'] } },
  },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: { IntegrationType: 'AWS_PROXY', IntegrationUri: arnOf('Function'), PayloadFormatVersion: '2.0' },
  },
  Route: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: { Ref: 'Api' },
      RouteKey: 'POST /a',
      Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
    },
  },
  Permission: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      FunctionName: arnOf('Function'),
      Principal: 'apigateway.amazonaws.com',
      SourceArn: {
        'Fn::Join': ['', ['arn:aws:execute-api:ap-northeast-1:000000000000:', { Ref: 'Api' }, '/*/*']],
      },
    },
  },
  Alarm: { Type: 'AWS::CloudWatch::Alarm' },
};

test('a function has its handler, variables, time limit and every policy of its role', () => {
  expect(model().functions).toEqual([
    {
      id: 'objects/create',
      name: 'app-Function',
      arn: 'arn:aws:lambda:ap-northeast-1:000000000000:function:app-Function',
      assetPath: '/app/asset',
      handler: 'objects/create.handler',
      environment: { QUEUE_URL: 'http://127.0.0.1:4000/000000000000/app-Queue', PORTAL_ID: '5' },
      timeoutSeconds: 7,
      memoryMb: 128,
      policies: [
        {
          effect: 'Allow',
          actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
          resources: ['arn:aws:sqs:ap-northeast-1:000000000000:app-Queue'],
        },
        expect.objectContaining({ actions: expect.arrayContaining(['logs:PutLogEvents']) }),
      ],
    },
  ]);
});

test('routes, rules and event sources point at functions and queues', () => {
  const { routes, rules, eventSources, queues, cors } = model();
  const queueArn = 'arn:aws:sqs:ap-northeast-1:000000000000:app-Queue';
  const deadLetterArn = 'arn:aws:sqs:ap-northeast-1:000000000000:app-Dead';
  expect(routes).toEqual([{ api: 'public', routeKey: 'POST /a', functionId: 'objects/create' }]);
  expect(cors.public).toMatchObject({ AllowOrigins: ['*'] });
  expect(rules).toEqual([
    {
      name: 'app-Rule',
      busName: 'default',
      enabled: true,
      pattern: { source: ['a'] },
      targets: [{ id: 't', arn: queueArn, deadLetterArn }],
    },
  ]);
  expect(eventSources).toMatchObject([
    {
      functionId: 'objects/create',
      source: { kind: 'queue', queueArn },
      batchSize: 10,
      reportBatchItemFailures: true,
      maximumConcurrency: 3,
    },
  ]);
  expect(queues[0]).toMatchObject({
    name: 'app-Queue',
    visibilityTimeoutSeconds: 30,
    redrive: { deadLetterArn, maxReceiveCount: 4 },
  });
});

test.each<[string, Record<string, Resources[string] | undefined>, RegExp]>([
  [
    'a resource type that nobody has thought about',
    { Files: { Type: 'AWS::EFS::FileSystem' } },
    /cannot run app\/Files \(AWS::EFS::FileSystem\)/,
  ],
  ['a route that API Gateway may not serve', { Permission: undefined }, /POST \/a needs an AWS::Lambda::Permission/],
  [
    'a route that API Gateway would refuse',
    { Route: { ...base.Route, Properties: { ...base.Route?.Properties, RouteKey: 'POST /a/' } } as Resources[string] },
    /POST \/a\/ ends in a slash/,
  ],
  ['a rule whose queue does not let it in', { QueuePolicy: undefined }, /rule Rule may not reach .+app-Queue/],
  [
    'a rule whose queue lets in another rule only',
    { QueuePolicy: admitting('Queue', 'arn:aws:events:ap-northeast-1:000000000000:rule/another') },
    /rule Rule may not reach .+app-Queue/,
  ],
  [
    'a rule whose dead-letter queue does not let it in',
    { DeadPolicy: undefined },
    /rule Rule may not reach .+app-Dead/,
  ],
  [
    'a route whose function may be started for another API only',
    {
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          FunctionName: arnOf('Function'),
          Principal: 'apigateway.amazonaws.com',
          SourceArn: 'arn:aws:execute-api:ap-northeast-1:000000000000:another/*/*',
        },
      },
    },
    /POST \/a needs an AWS::Lambda::Permission/,
  ],
  [
    'a stream whose failures the function may not send to the dead-letter queue',
    {
      Table: { Type: 'AWS::DynamoDB::Table' },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': ['Table', 'StreamArn'] },
          FunctionName: { Ref: 'Function' },
          DestinationConfig: { OnFailure: { Destination: arnOf('Dead') } },
        },
      },
      Policy: policy(
        ['dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:DescribeStream', 'dynamodb:ListStreams'],
        '*',
      ),
    },
    /objects\/create may not send to .+app-Dead: its role lacks sqs:SendMessage/,
  ],
  [
    'a queue that the function may not read',
    { Policy: undefined },
    /objects\/create may not read .+app-Queue.+sqs:ReceiveMessage/,
  ],
  [
    'an import from nowhere',
    { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::ImportValue': 'x' } } } },
    /imports x, which no stack exports/,
  ],
  [
    'a condition in a policy',
    {
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          Roles: [{ Ref: 'Role' }],
          PolicyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', Condition: { Bool: {} } }] },
        },
      },
    },
    /does not evaluate Condition/,
  ],
])('%s stops the system with its name', (_, changes, message) => {
  expect(() => model(changes)).toThrow(message);
});
