import { expect, test } from 'vitest';
import { permissionsFor } from '../../../cdk/local/host/permissions.ts';

const place = { region: 'ap-northeast-1', accountId: '000000000000', awsUrl: '', apiUrl: '' };
const table = 'arn:aws:dynamodb:ap-northeast-1:000000000000:table/main';
const needs = (service: string, action: string, body: Record<string, unknown>) =>
  permissionsFor({ service, action, body }, place, [{ name: 'slack', arn: 'arn:slack-abcdef' }]).map(
    ({ action, resource }) => `${action} ${resource}`,
  );

test('a transaction needs the right of each of its items', () => {
  const TableName = 'main';
  const TransactItems = [
    { Put: { TableName } },
    { Update: { TableName } },
    { Delete: { TableName } },
    { ConditionCheck: { TableName } },
  ];
  expect(needs('dynamodb', 'TransactWriteItems', { TransactItems })).toEqual(
    ['PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'].map((action) => `dynamodb:${action} ${table}`),
  );
  expect(needs('dynamodb', 'TransactGetItems', { TransactItems: [{ Get: { TableName } }] })).toEqual([
    `dynamodb:GetItem ${table}`,
  ]);
});

test('a batch needs the right of the batch on each table', () => {
  expect(needs('dynamodb', 'BatchWriteItem', { RequestItems: { main: [], other: [] } })).toEqual([
    `dynamodb:BatchWriteItem ${table}`,
    `dynamodb:BatchWriteItem ${table.replace('main', 'other')}`,
  ]);
});

test('a query of an index needs the right on the index', () => {
  expect(needs('dynamodb', 'Query', { TableName: 'main', IndexName: 'gsi1' })).toEqual([
    `dynamodb:Query ${table}/index/gsi1`,
  ]);
  expect(needs('dynamodb', 'Query', { TableName: 'main' })).toEqual([`dynamodb:Query ${table}`]);
});

test('events are checked by bus, queues by URL, secrets by name or ARN', () => {
  expect(needs('events', 'PutEvents', { Entries: [{ EventBusName: 'own' }, {}] })).toEqual([
    'events:PutEvents arn:aws:events:ap-northeast-1:000000000000:event-bus/own',
    'events:PutEvents arn:aws:events:ap-northeast-1:000000000000:event-bus/default',
  ]);
  expect(needs('sqs', 'SendMessageBatch', { QueueUrl: 'http://127.0.0.1:1/000000000000/work' })).toEqual([
    'sqs:SendMessage arn:aws:sqs:ap-northeast-1:000000000000:work',
  ]);
  expect(needs('secretsmanager', 'GetSecretValue', { SecretId: 'slack' })).toEqual([
    'secretsmanager:GetSecretValue arn:slack-abcdef',
  ]);
});

test('mail is checked by the domain of the sender and by the configuration set', () => {
  const raw = Buffer.from(
    'To: a@b.co\r\nFrom: =?utf-8?B?44GC?=\r\n <no-reply@tsunagi.example>\r\nX-SES-CONFIGURATION-SET: main\r\n\r\nFrom: x@evil.example',
  ).toString('base64');
  expect(needs('ses', 'SendRawEmail', { 'RawMessage.Data': raw })).toEqual([
    'ses:SendRawEmail arn:aws:ses:ap-northeast-1:000000000000:identity/tsunagi.example',
    'ses:SendRawEmail arn:aws:ses:ap-northeast-1:000000000000:configuration-set/main',
  ]);
});
