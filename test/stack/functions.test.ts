import { describe, expect, test } from 'vitest';
import type { Capability } from '../../lib/core/operation.ts';
import type { Statement } from './properties.ts';
import { cases, present, synthesized } from './synthesized.ts';

const table = 'tsunagi-data/Table';
const read = [
  `dynamodb:BatchGetItem on ${table}.Arn`,
  `dynamodb:GetItem on ${table}.Arn`,
  `dynamodb:Query on ${table}.Arn`,
  `dynamodb:Query on ${table}.Arn/index/gsi1`,
];
const write = ['BatchWriteItem', 'ConditionCheckItem', 'DeleteItem', 'PutItem', 'UpdateItem'].map(
  (action) => `dynamodb:${action} on ${table}.Arn`,
);

/** What each capability must come to in the account, said a second time and independently. */
const expected: Record<Capability, { allows: string[]; variables: Record<string, string> }> = {
  'table:read': { allows: read, variables: { TABLE_NAME: table } },
  'table:write': { allows: write, variables: { TABLE_NAME: table } },
  'files:read': {
    allows: ['s3:GetObject on tsunagi-data/Files.Arn/*', 's3:ListBucket on tsunagi-data/Files.Arn'],
    variables: { FILES_BUCKET: 'tsunagi-data/Files' },
  },
  'files:write': {
    allows: ['s3:AbortMultipartUpload on tsunagi-data/Files.Arn/*', 's3:PutObject on tsunagi-data/Files.Arn/*'],
    variables: { FILES_BUCKET: 'tsunagi-data/Files' },
  },
  'mails:read': {
    allows: [
      's3:GetObject on tsunagi-data/InboundMails.Arn/inbound/*',
      's3:GetObject on tsunagi-data/InboundMails.Arn/attachments/*',
    ],
    variables: { MAIL_BUCKET: 'tsunagi-data/InboundMails' },
  },
  'mails:write': {
    allows: ['s3:PutObject on tsunagi-data/InboundMails.Arn/attachments/*'],
    variables: { MAIL_BUCKET: 'tsunagi-data/InboundMails' },
  },
  'mails:delete': {
    allows: [
      's3:DeleteObject on tsunagi-data/InboundMails.Arn/inbound/*',
      's3:DeleteObject on tsunagi-data/InboundMails.Arn/attachments/*',
    ],
    variables: { MAIL_BUCKET: 'tsunagi-data/InboundMails' },
  },
  'inbox-address': { allows: [], variables: { INBOX_ADDRESS: 'inbox@tsunagi.example' } },
  'bus:publish': { allows: ['events:PutEvents on tsunagi-data/Bus.Arn'], variables: { BUS_NAME: 'tsunagi-data/Bus' } },
  'mail:send': {
    allows: [
      'ses:SendRawEmail on arn:AWS::Partition:ses:AWS::Region:AWS::AccountId:identity/tsunagi-data/MailDomain',
      'ses:SendRawEmail on arn:AWS::Partition:ses:AWS::Region:AWS::AccountId:configuration-set/tsunagi-data/MailEvents',
    ],
    variables: { MAIL_FROM: 'no-reply@tsunagi.example', MAIL_CONFIGURATION_SET: 'tsunagi-data/MailEvents' },
  },
  'mail:bulk': {
    allows: [
      'ses:SendRawEmail on arn:AWS::Partition:ses:AWS::Region:AWS::AccountId:identity/tsunagi-data/MailDomain',
      'ses:SendRawEmail on arn:AWS::Partition:ses:AWS::Region:AWS::AccountId:configuration-set/tsunagi-data/MailBulkEvents',
    ],
    variables: { MAIL_FROM: 'no-reply@tsunagi.example', MAIL_BULK_CONFIGURATION_SET: 'tsunagi-data/MailBulkEvents' },
  },
  'mail:quota': { allows: ['ses:GetSendQuota on *'], variables: {} },
  'queue:flow-steps': {
    allows: ['sqs:SendMessage on tsunagi-data/FlowStepsQueue.Arn'],
    variables: { QUEUE_FLOW_STEPS_URL: 'tsunagi-data/FlowStepsQueue' },
  },
  'queue:jobs': {
    allows: ['sqs:SendMessage on tsunagi-data/JobsQueue.Arn'],
    variables: { QUEUE_JOBS_URL: 'tsunagi-data/JobsQueue' },
  },
  'queue:bulk-mail': {
    allows: ['sqs:SendMessage on tsunagi-data/BulkMailQueue.Arn'],
    variables: { QUEUE_BULK_MAIL_URL: 'tsunagi-data/BulkMailQueue' },
  },
  'queue:salesforce': {
    allows: ['sqs:SendMessage on tsunagi-data/SalesforceQueue.Arn'],
    variables: { QUEUE_SALESFORCE_URL: 'tsunagi-data/SalesforceQueue' },
  },
  'queue:list-checks': {
    allows: ['sqs:SendMessage on tsunagi-data/ListChecksQueue.Arn'],
    variables: { QUEUE_LIST_CHECKS_URL: 'tsunagi-data/ListChecksQueue' },
  },
  'queue:visits': {
    allows: ['sqs:SendMessage on tsunagi-data/VisitsQueue.Arn'],
    variables: { QUEUE_VISITS_URL: 'tsunagi-data/VisitsQueue' },
  },
  'secret:salesforce:read': {
    allows: ['secretsmanager:GetSecretValue on tsunagi-data/SalesforceClient'],
    variables: { SALESFORCE_SECRET_ARN: 'tsunagi-data/SalesforceClient' },
  },
  'secret:salesforce:write': {
    allows: ['secretsmanager:PutSecretValue on tsunagi-data/SalesforceClient'],
    variables: { SALESFORCE_SECRET_ARN: 'tsunagi-data/SalesforceClient' },
  },
  'secret:link-keys:read': {
    allows: ['secretsmanager:GetSecretValue on tsunagi-data/LinkKeys'],
    variables: { LINK_KEYS_SECRET_ARN: 'tsunagi-data/LinkKeys' },
  },
  'public-url': { allows: [], variables: { PUBLIC_URL: 'tsunagi-http/PublicHttp.ApiEndpoint' } },
  'secret:access-token:read': {
    allows: ['secretsmanager:GetSecretValue on tsunagi-data/AccessToken'],
    variables: { ACCESS_TOKEN_SECRET_ARN: 'tsunagi-data/AccessToken' },
  },
  'secret:slack:read': {
    allows: ['secretsmanager:GetSecretValue on tsunagi-data/Slack'],
    variables: { SLACK_SECRET_ARN: 'tsunagi-data/Slack' },
  },
  'secret:slack:write': {
    allows: ['secretsmanager:PutSecretValue on tsunagi-data/Slack'],
    variables: { SLACK_SECRET_ARN: 'tsunagi-data/Slack' },
  },
  'http:outgoing': { allows: [], variables: { OUTGOING_PRIVATE_ADDRESSES: 'refuse' } },
};

const list = (value: string | readonly string[]) => (typeof value === 'string' ? [value] : value);
const allowed = (statements: readonly Statement[]) =>
  statements.flatMap(({ Action, Resource }) =>
    list(Action).flatMap((action) => list(Resource).map((on) => `${action} on ${on}`)),
  );

describe.each(cases)('the functions of the lists: %s', (_, tables) => {
  const { ofType } = synthesized(tables);
  const functions = new Map(ofType('AWS::Lambda::Function').map(({ properties }) => [properties.Handler, properties]));
  const functionOf = (id: string) => present(functions.get(`${id}.handler`), `the function of ${id}`);
  const roles = new Map(ofType('AWS::IAM::Role').map(({ name, properties }) => [`${name}.Arn`, properties]));
  const logs = new Map(ofType('AWS::Logs::LogGroup').map(({ name, properties }) => [name, properties]));
  const rows = [...tables.operations, ...tables.workers];
  const triggered = (id: string) =>
    [...tables.subscriptions, ...tables.queues, ...tables.streamReaders].some(({ worker }) => worker === id);

  test('there is one function for each row and none besides', () => {
    expect([...functions.keys()].sort()).toEqual(rows.map(({ id }) => `${id}.handler`).sort());
  });

  test.each(rows)('$id has the variables of its capabilities, the host of links, and no others', ({
    id,
    uses,
    ...row
  }) => {
    const asksForToken = 'scope' in row && row.scope !== 'public';
    expect(functionOf(id).Environment.Variables).toEqual({
      PORTAL_ID: '24601001',
      POWERTOOLS_SERVICE_NAME: 'tsunagi',
      ...(asksForToken && { API_HOST: 'tsunagi-http/FrontDistribution.DomainName' }),
      ...Object.assign({}, ...uses.map((capability) => expected[capability].variables)),
    });
  });

  test.each(rows)('$id may do what its capabilities say, write its log, and nothing else', ({ id, uses }) => {
    const fn = functionOf(id);
    const role = present(roles.get(fn.Role), fn.Role);
    expect(role.ManagedPolicyArns).toBeUndefined();
    const statements = role.Policies.flatMap((policy) => policy.PolicyDocument.Statement);
    expect(statements.every(({ Effect }) => Effect === 'Allow')).toBe(true);
    const capabilities = uses.flatMap((capability) => expected[capability].allows);
    const log = ['logs:CreateLogStream', 'logs:PutLogEvents'].map(
      (action) => `${action} on ${fn.LoggingConfig.LogGroup}.Arn`,
    );
    const own = [...capabilities, ...log];
    expect(allowed(statements)).toEqual(expect.arrayContaining(own));
    const rest = allowed(statements).filter((allowance) => !own.includes(allowance));
    // What is left starts a worker: reading its queue or the stream. An operation has no such thing.
    if (!triggered(id)) expect(rest).toEqual([]);
    for (const allowance of rest) {
      expect(allowance).toMatch(
        /^(sqs:(ReceiveMessage|ChangeMessageVisibility|DeleteMessage|GetQueueAttributes|SendMessage) on .*(Queue|DeadLetters)\.Arn|dynamodb:(DescribeStream|GetRecords|GetShardIterator) on .*\.StreamArn|dynamodb:ListStreams on \*)$/,
      );
    }
  });

  test('no function may scan the table, and no action has a wildcard', () => {
    const policies = [...roles.values()].flatMap((role) => role.Policies);
    const actions = policies.flatMap((policy) => policy.PolicyDocument.Statement.flatMap(({ Action }) => list(Action)));
    expect(actions.length).toBeGreaterThan(0);
    expect(actions.filter((action) => action === 'dynamodb:Scan' || action.includes('*'))).toEqual([]);
    expect(ofType('AWS::IAM::Policy')).toEqual([]);
  });

  test.each(
    rows,
  )('$id runs on Node 24 and arm64 within its time and memory, and its log is kept for 90 days', (row) => {
    const fn = functionOf(row.id);
    const isOperation = tables.operations.some(({ id }) => id === row.id);
    expect(fn).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Timeout: row.timeoutSeconds ?? (isOperation ? 20 : 30),
      MemorySize: row.memoryMb ?? 512,
    });
    expect(fn).not.toHaveProperty('ReservedConcurrentExecutions');
    expect(fn.FunctionName.length).toBeLessThanOrEqual(64);
    expect(logs.get(fn.LoggingConfig.LogGroup)).toMatchObject({
      RetentionInDays: 90,
      LogGroupName: `/aws/lambda/${fn.FunctionName}`,
    });
  });

  test('all functions share one asset, whose folder the template names', () => {
    const assets = new Set(ofType('AWS::Lambda::Function').map(({ properties }) => properties.Code.S3Key));
    expect(assets.size).toBe(1);
    for (const { attributes } of ofType('AWS::Lambda::Function')) {
      expect(attributes.Metadata).toMatchObject({ 'aws:asset:path': expect.stringMatching(/^asset\./) });
    }
  });
});
