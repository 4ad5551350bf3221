import { expect, test } from 'vitest';
import { Resolver } from '../../../cdk/local/resolve.ts';
import { stackOf } from '../../../cdk/local/template.ts';

const place = {
  region: 'ap-northeast-1',
  accountId: '000000000000',
  awsUrl: 'http://127.0.0.1:4000',
  apiUrl: 'http://127.0.0.1:3000',
};

/** A variable as Fn::Sub has it. */
const variable = (name: string) => `$\u007b${name}}`;

const data = stackOf(
  'data',
  {
    Parameters: {
      Stage: { Type: 'String', Default: 'prod' },
      Addresses: { Type: 'CommaDelimitedList', Default: 'a,b' },
    },
    Conditions: {
      IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
      IsTest: { 'Fn::Not': [{ Condition: 'IsProd' }] },
      Either: {
        'Fn::Or': [{ Condition: 'IsTest' }, { 'Fn::And': [{ Condition: 'IsProd' }, { Condition: 'IsProd' }] }],
      },
    },
    Mappings: { Sizes: { prod: { memory: '512' } } },
    Resources: {
      Table: { Type: 'AWS::DynamoDB::Table', Properties: {} },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::Join': ['-', ['work', { Ref: 'Stage' }]] } } },
      Secret: { Type: 'AWS::SecretsManager::Secret', Properties: {} },
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'own' } },
      Rule: { Type: 'AWS::Events::Rule', Properties: { EventBusName: { Ref: 'Bus' } } },
      Extra: { Type: 'AWS::SQS::Queue', Condition: 'IsTest', Properties: {} },
      Odd: { Type: 'AWS::Nobody::Knows', Properties: {} },
    },
    Outputs: {
      Arn: {
        Value: { 'Fn::GetAtt': ['Table', 'Arn'] },
        Export: { Name: { 'Fn::Sub': `${variable('AWS::StackName')}:TableArn` } },
      },
    },
  },
  '/app',
);
const other = stackOf('other', { Resources: {} }, '/app');
const resolver = new Resolver([data, other], place);
const resolve = (node: unknown) => resolver.value(node, data);

test('Ref gives what CloudFormation gives for each type', () => {
  expect(resolve([{ Ref: 'Table' }, { Ref: 'Queue' }, { Ref: 'Bus' }, { Ref: 'Stage' }])).toEqual([
    'data-Table',
    'http://127.0.0.1:4000/000000000000/work-prod',
    'own',
    'prod',
  ]);
  expect(resolve({ Ref: 'Secret' })).toMatch(
    /^arn:aws:secretsmanager:ap-northeast-1:000000000000:secret:data-Secret-[A-Za-z0-9]{6}$/,
  );
});

test('Fn::GetAtt gives attributes, in both of its spellings', () => {
  expect(resolve({ 'Fn::GetAtt': ['Table', 'StreamArn'] })).toMatch(/table\/data-Table\/stream\/.+/);
  expect(resolve({ 'Fn::GetAtt': 'Queue.Arn' })).toBe('arn:aws:sqs:ap-northeast-1:000000000000:work-prod');
  expect(resolve({ 'Fn::GetAtt': ['Rule', 'Arn'] })).toBe(
    'arn:aws:events:ap-northeast-1:000000000000:rule/own/data-Rule',
  );
});

test('Fn::Sub fills references, attributes and its own variables, and leaves literals', () => {
  expect(
    resolve({
      'Fn::Sub': [
        ['Stage', 'Queue.QueueName', 'AWS::Region', 'Own', '!Kept'].map(variable).join('/'),
        { Own: { Ref: 'Bus' } },
      ],
    }),
  ).toBe(`prod/work-prod/ap-northeast-1/own/${variable('Kept')}`);
});

test('pseudo parameters have fixed values', () => {
  expect(
    resolve({ 'Fn::Join': [':', [{ Ref: 'AWS::Partition' }, { Ref: 'AWS::AccountId' }, { Ref: 'AWS::URLSuffix' }]] }),
  ).toBe('aws:000000000000:amazonaws.com');
});

test('lists are split and selected', () => {
  expect(resolve({ 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] })).toBe('b');
  expect(resolve({ Ref: 'Addresses' })).toEqual(['a', 'b']);
});

test('conditions choose values and leave resources out', () => {
  expect(resolve({ 'Fn::If': ['IsProd', 1, 2] })).toBe(1);
  expect(resolve({ 'Fn::If': ['Either', 1, 2] })).toBe(1);
  expect(resolver.resourcesOf('AWS::SQS::Queue').map(({ logicalId }) => logicalId)).toEqual(['Queue']);
});

test('AWS::NoValue takes the property away', () => {
  expect(resolve({ a: { Ref: 'AWS::NoValue' }, b: [1, { 'Fn::If': ['IsTest', 2, { Ref: 'AWS::NoValue' }] }] })).toEqual(
    { b: [1] },
  );
});

test('mappings are looked up', () => {
  expect(resolve({ 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'memory'] })).toBe('512');
});

test('exports of one stack are values of another', () => {
  expect(resolver.value({ 'Fn::ImportValue': 'data:TableArn' }, other)).toBe(
    'arn:aws:dynamodb:ap-northeast-1:000000000000:table/data-Table',
  );
});

test('a parameter that is given beats its default', () => {
  const given = stackOf('given', { Parameters: { Stage: { Type: 'String', Default: 'prod' } } }, '/app', {
    Stage: 'test',
  });
  expect(new Resolver([given], place).value({ Ref: 'Stage' }, given)).toBe('test');
});

test('a nested stack has its parameters from the stack that holds it, and gives its outputs back', () => {
  const nested = {
    ...stackOf(
      'nested',
      { Parameters: { Name: { Type: 'String' } }, Outputs: { Loud: { Value: { 'Fn::Sub': `${variable('Name')}!` } } } },
      '/app',
      { Name: { Ref: 'Bus' } },
    ),
    parent: { stack: data, logicalId: 'Nested' },
  };
  expect(new Resolver([data, nested], place).value({ 'Fn::GetAtt': ['Nested', 'Outputs.Loud'] }, data)).toBe('own!');
});

test.each([
  ['an intrinsic', { 'Fn::Cidr': ['10.0.0.0/16', 1, 1] }, /Fn::Cidr/],
  ['a resource', { Ref: 'Nothing' }, /Nothing/],
  ['an attribute', { 'Fn::GetAtt': ['Queue', 'Colour'] }, /Colour/],
  ['a resource type', { Ref: 'Odd' }, /AWS::Nobody::Knows/],
  ['an export', { 'Fn::ImportValue': 'nowhere' }, /nowhere/],
])('%s that is not known is named in an error', (_, node, message) => {
  expect(() => resolve(node)).toThrow(message);
});
