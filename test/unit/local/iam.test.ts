import { expect, test } from 'vitest';
import { allows, Iam } from '../../../cdk/local/iam.ts';
import type { FunctionModel, PolicyStatement } from '../../../cdk/local/model.ts';

const table = 'arn:aws:dynamodb:ap-northeast-1:000000000000:table/main';
const allow = (actions: string[], ...resources: string[]): PolicyStatement => ({ effect: 'Allow', actions, resources });
const deny = (actions: string[], ...resources: string[]): PolicyStatement => ({ effect: 'Deny', actions, resources });

test('nothing is allowed without a statement that says so', () => {
  expect(allows([], 'dynamodb:GetItem', table)).toBe(false);
  expect(allows([allow(['dynamodb:GetItem'], table)], 'dynamodb:PutItem', table)).toBe(false);
  expect(allows([allow(['dynamodb:GetItem'], table)], 'dynamodb:GetItem', `${table}-2`)).toBe(false);
});

test('an explicit deny beats every allow', () => {
  const statements = [allow(['*'], '*'), deny(['dynamodb:Delete*'], table)];
  expect(allows(statements, 'dynamodb:GetItem', table)).toBe(true);
  expect(allows(statements, 'dynamodb:DeleteItem', table)).toBe(false);
});

test('wildcards stand for any text and for one character; actions ignore case', () => {
  expect(allows([allow(['DYNAMODB:get*'], table)], 'dynamodb:GetItem', table)).toBe(true);
  expect(allows([allow(['dynamodb:Query'], `${table}/index/*`)], 'dynamodb:Query', `${table}/index/gsi1`)).toBe(true);
  expect(allows([allow(['dynamodb:Query'], `${table}/index/*`)], 'dynamodb:Query', table)).toBe(false);
  const secret = 'arn:aws:secretsmanager:ap-northeast-1:000000000000:secret:slack';
  expect(
    allows(
      [allow(['secretsmanager:GetSecretValue'], `${secret}-??????`)],
      'secretsmanager:GetSecretValue',
      `${secret}-abcdef`,
    ),
  ).toBe(true);
  expect(
    allows(
      [allow(['secretsmanager:GetSecretValue'], `${secret}-??????`)],
      'secretsmanager:GetSecretValue',
      `${secret}-abc`,
    ),
  ).toBe(false);
});

test('characters of a pattern that mean something in a regular expression mean themselves', () => {
  expect(allows([allow(['dynamodb:GetItem'], 'arn:a.b')], 'dynamodb:GetItem', 'arn:axb')).toBe(false);
});

test('a refusal is the sentence that AWS sends', () => {
  const fn = { id: 'notes/create', name: 'notes-create', policies: [] } as unknown as FunctionModel;
  const iam = new Iam([fn], '000000000000');
  expect(iam.denial('notes/create', 'dynamodb:PutItem', table)).toBe('implicit');
  expect(iam.message('notes/create', 'dynamodb:PutItem', table, 'implicit')).toBe(
    `User: arn:aws:sts::000000000000:assumed-role/notes-create-role/notes-create is not authorized to perform: dynamodb:PutItem on resource: ${table} because no identity-based policy allows the dynamodb:PutItem action`,
  );
});
