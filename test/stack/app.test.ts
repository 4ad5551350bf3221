import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { CfnQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { ArtifactMetadataEntryType } from 'aws-cdk-lib/cloud-assembly-schema';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createApp, type synthesize } from '../../cdk/app.ts';
import { fixture } from './fixture.ts';
import { cases, dummyBundle, scratch, synthesized } from './synthesized.ts';

describe.each(cases)('the app of the lists: %s', (_, tables) => {
  test('passes the checks of CloudFormation and cdk-nag', () => {
    expect(() => synthesized(tables, { validate: true })).not.toThrow();
  });

  test('acknowledges only these findings of cdk-nag, each with its reason', () => {
    const app = createApp({ outdir: scratch(), assets: dummyBundle(tables), tables });
    const acknowledged = app.node
      .findAll()
      .flatMap(({ node }) => node.metadata.filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY))
      .flatMap(({ data }) => Object.entries(data as Record<string, string>));
    const nameOf = (id: string) =>
      id
        .replace('Annotation::', '')
        .replace(/Resource::tsunagi-data:\w+Files\w+/, 'Resource::files')
        .replace(/Resource::tsunagi-data:\w+InboundMails\w+/, 'Resource::mails');
    const areUsed = (kind: string) =>
      [...tables.operations, ...tables.workers].some(({ uses }) => uses.some((each) => each.startsWith(kind)));
    const [usesFiles, usesMails] = [areUsed('files:'), areUsed('mails:')];
    expect([...new Set(acknowledged.map(([id]) => nameOf(id)))].sort()).toEqual([
      'AwsSolutions-APIG4',
      'AwsSolutions-CFR1',
      'AwsSolutions-CFR2',
      'AwsSolutions-CFR3',
      'AwsSolutions-CFR4',
      'AwsSolutions-IAM5[Resource::*]',
      ...(usesFiles ? ['AwsSolutions-IAM5[Resource::files/*]'] : []),
      ...(usesMails
        ? ['AwsSolutions-IAM5[Resource::mails/attachments/*]', 'AwsSolutions-IAM5[Resource::mails/inbound/*]']
        : []),
      'AwsSolutions-S1',
      'AwsSolutions-SMG4',
      'AwsSolutions-SQS3',
    ]);
    for (const [, reason] of acknowledged) expect(reason.length).toBeGreaterThan(40);
  });

  test('keeps each stack below 450 of the 500 resources that CloudFormation allows', () => {
    const { templates } = synthesized(tables);
    const counts = Object.entries(templates).map(
      ([stack, { Resources }]) => [stack, Object.keys(Resources).length] as const,
    );
    console.log(counts.map(([stack, count]) => `${stack} ${count}`).join(', '));
    for (const [stack, count] of counts) expect(count, stack).toBeLessThanOrEqual(450);
  });

  test('is the same each time', () => {
    expect(synthesized(tables, {}).templates).toEqual(synthesized(tables).templates);
  });
});

describe('an app', () => {
  test('is refused when a resource breaks a rule that nobody acknowledged', () => {
    const app = createApp({ outdir: scratch(), assets: dummyBundle(fixture), tables: fixture });
    new Queue(app.node.findChild('tsunagi-data'), 'Bare');
    expect(() => app.synth()).toThrow('AwsSolutions-SQS3');
  });

  test('is refused when a template says what CloudFormation does not know', () => {
    const app = createApp({ outdir: scratch(), assets: dummyBundle(fixture), tables: fixture });
    new CfnQueue(app.node.findChild('tsunagi-data'), 'Odd').addPropertyOverride('VisibilityTimeuot', 30);
    expect(() => app.synth()).toThrow('VisibilityTimeuot');
  });
});

describe('the data stack', () => {
  const { ofType } = synthesized(fixture);

  test('has one table with the keys, the index, the stream and the expiry that the code relies on', () => {
    const [table, ...others] = ofType('AWS::DynamoDB::Table');
    expect(others).toEqual([]);
    expect(table?.properties).toMatchObject({
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'gsi1',
          KeySchema: [
            { AttributeName: 'gsi1pk', KeyType: 'HASH' },
            { AttributeName: 'gsi1sk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
  });

  test('does not lose the table: backups to the second, protected from deletion, left behind by the stack', () => {
    const [table] = ofType('AWS::DynamoDB::Table');
    expect(table?.properties).toMatchObject({
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
    });
    expect(table?.attributes).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('makes an access token up and leaves the webhook of Slack empty', () => {
    const secrets = Object.fromEntries(
      ofType('AWS::SecretsManager::Secret').map(({ name, properties }) => [name, properties]),
    );
    expect(secrets['tsunagi-data/AccessToken']?.GenerateSecretString).toMatchObject({
      PasswordLength: 48,
      ExcludePunctuation: true,
    });
    expect(secrets['tsunagi-data/Slack']).not.toHaveProperty('GenerateSecretString');
    expect(secrets['tsunagi-data/Slack']).not.toHaveProperty('SecretString');
  });

  test('reports what became of mails to the default bus, the only one that SES delivers to', () => {
    const destinations = ofType('AWS::SES::ConfigurationSetEventDestination').map(
      ({ properties }) => properties.EventDestination,
    );
    const reporting = (...types: string[]) => ({
      Enabled: true,
      EventBridgeDestination: {
        EventBusArn: 'arn:AWS::Partition:events:AWS::Region:AWS::AccountId:event-bus/default',
      },
      MatchingEventTypes: expect.arrayContaining(types),
    });
    expect(destinations).toMatchObject([
      reporting('send', 'delivery', 'bounce', 'complaint', 'open', 'click'),
      reporting('send', 'delivery', 'bounce', 'complaint'),
    ]);
    // Bulk mail has links of its own: SES rewrites none there.
    expect(destinations[1]?.MatchingEventTypes).not.toContain('click');
    expect(destinations[1]?.MatchingEventTypes).not.toContain('open');
  });

  test('lets alarms of this account reach the topic, and tells the address that was given', () => {
    const told = synthesized(fixture, { alarmEmail: 'ops@example.jp' });
    expect(ofType('AWS::SNS::Subscription')).toEqual([]);
    expect(told.ofType('AWS::SNS::Subscription').map(({ properties }) => properties)).toMatchObject([
      { Protocol: 'email', Endpoint: 'ops@example.jp', TopicArn: 'tsunagi-data/Alarms' },
    ]);
    expect(told.ofType('AWS::SNS::TopicPolicy')[0]?.properties.PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Resource: 'tsunagi-data/Alarms',
        Condition: { StringEquals: { 'aws:SourceAccount': 'AWS::AccountId' } },
      }),
    );
  });
});

describe('the settings', () => {
  const variablesOf = (options: Parameters<typeof synthesize>[0]) =>
    synthesized(fixture, options)
      .ofType('AWS::Lambda::Function')
      .find(({ properties }) => properties.Handler === 'flows/step.handler')?.properties.Environment.Variables;

  test('reach the functions', () => {
    expect(variablesOf({ portalId: 777, mailDomain: 'crm.example.jp', localAddresses: 'allow' })).toMatchObject({
      PORTAL_ID: '777',
      MAIL_FROM: 'no-reply@crm.example.jp',
      OUTGOING_PRIVATE_ADDRESSES: 'allow',
    });
  });

  test('tell the seeding worker who the first user is', () => {
    const adminOf = (settings: Parameters<typeof synthesize>[0]) =>
      synthesized(fixture, settings)
        .ofType('Custom::TsunagiSeed')
        .map(({ properties }) => properties.AdminEmail);
    expect(adminOf({ adminEmail: 'shacho@example.jp' })).toEqual(['shacho@example.jp']);
    expect(adminOf({})).toEqual([undefined]);
  });

  test.each([
    { portalId: -1 },
    { mailDomain: 'no domain' },
    { alarmEmail: 'nobody' },
  ])('are refused when they make no sense: %j', (settings) => {
    expect(() => variablesOf(settings)).toThrow();
  });
});

describe('a deployment by the CDK CLI', () => {
  afterEach(() => vi.unstubAllEnvs());
  const said = (type: ArtifactMetadataEntryType, settings: Parameters<typeof synthesize>[0] = {}) => {
    const outdir = scratch();
    vi.stubEnv('CDK_OUTDIR', outdir);
    const app = createApp({ assets: dummyBundle(fixture), tables: fixture, validate: false, ...settings });
    return app.node.findAll().flatMap(({ node }) => node.metadata.filter((entry) => entry.type === type));
  };

  test('is refused without the domain of mail, which it would take away from an installation', () => {
    expect(said(ArtifactMetadataEntryType.ERROR)).toMatchObject([{ data: expect.stringContaining('-c mailDomain=') }]);
    expect(said(ArtifactMetadataEntryType.ERROR, { mailDomain: 'crm.example.jp' })).toEqual([]);
  });

  test('is warned when nobody would hear of alarms', () => {
    const told = { mailDomain: 'crm.example.jp', alarmEmail: 'ops@example.jp' };
    expect(said(ArtifactMetadataEntryType.WARN)).toMatchObject([{ data: expect.stringContaining('-c alarmEmail=') }]);
    expect(said(ArtifactMetadataEntryType.WARN, told)).toEqual([]);
  });
});

describe('what stacks export', () => {
  const exportsOf = (tables: typeof fixture) =>
    Object.entries(synthesized(tables).templates).map(
      ([stack, { Outputs = {} }]) =>
        [stack, Object.values(Outputs).flatMap(({ Export }) => Export?.Name ?? [])] as const,
    );

  test('stays when nobody uses it any more, so that no deployment waits for one that comes after it', () => {
    const row = (id: string) => id === 'account/seed';
    const bare = {
      ...fixture,
      operations: [],
      workers: fixture.workers.filter(({ id }) => row(id)).map((worker) => ({ ...worker, uses: [] })),
      subscriptions: [],
      queues: fixture.queues.map((queue) => ({ ...queue, worker: 'account/seed' })),
      schedules: [],
      streamReaders: [],
    };
    const left = new Map(exportsOf(bare));
    for (const [stack, names] of exportsOf(fixture)) for (const name of names) expect(left.get(stack)).toContain(name);
  });
});

describe('mistakes in the lists', () => {
  const seedVersion = (assets: string) =>
    synthesized(fixture, { assets })
      .ofType('Custom::TsunagiSeed')
      .map(({ properties }) => properties.Version);

  test('a trigger of a worker that no area registers is refused by name', () => {
    const schedules = [{ worker: 'flows/ghost', expression: 'rate(1 day)' }];
    expect(() => synthesized({ ...fixture, schedules })).toThrow('flows/ghost');
  });

  test('a worker that nothing starts is refused by name', () => {
    expect(() => synthesized({ ...fixture, schedules: [] })).toThrow('Nothing starts the worker flows/sweep');
  });

  test('an operation that would outlive the patience of API Gateway is refused by name', () => {
    const operations = fixture.operations.map((row) => ({ ...row, timeoutSeconds: 30 }));
    expect(() => synthesized({ ...fixture, operations })).toThrow('objects/get may run 30 s');
  });

  test('seeds run again when their code changes, and only then', () => {
    const assets = dummyBundle(fixture);
    const before = seedVersion(assets);
    appendFileSync(join(assets, 'objects/get.mjs'), '// another handler\n');
    expect(seedVersion(assets)).toEqual(before);
    appendFileSync(join(assets, 'account/seed.mjs'), '// other seeds\n');
    expect(seedVersion(assets)).not.toEqual(before);
  });
});
