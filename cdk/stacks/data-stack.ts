import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { WorkQueue } from '../../events/queues.ts';
import type { QueueName } from '../../lib/core/operation.ts';
import { tableIndex } from '../constructs/capabilities.ts';
import { InboundMail } from '../constructs/inbound-mail.ts';
import { Mail } from '../constructs/mail.ts';
import { pascal, product } from '../constructs/names.ts';
import type { DataPlatform, WorkQueueResources } from '../constructs/platform.ts';
import { RedrivenQueue } from '../constructs/queue.ts';

interface DataStackProps extends StackProps {
  readonly mailDomain: string;
  /** Where mail comes in, if it is another domain. */
  readonly inboundDomain?: string;
  readonly alarmEmail?: string;
  readonly portalId: number;
  readonly adminEmail?: string;
  readonly localAddresses: 'allow' | 'refuse';
  readonly queues: readonly WorkQueue[];
  /** How long a worker may run, by its id. */
  readonly timeoutOf: (worker: string) => number;
}

/** All that holds state, and the names by which the other stacks know it. */
export class DataStack extends Stack {
  readonly platform: DataPlatform;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, props);
    const alarmTopic = this.alarms(props.alarmEmail);
    const files = this.files();
    const inbound = new InboundMail(this, 'Inbound', props.inboundDomain ?? props.mailDomain);
    this.platform = {
      table: this.table(),
      bus: new EventBus(this, 'Bus', { eventBusName: product, description: 'Every event of Tsunagi' }),
      workQueues: this.workQueues(props, alarmTopic),
      files,
      filesExport: this.resolve(this.exportValue(files.bucketArn))['Fn::ImportValue'],
      mails: inbound.bucket,
      mailsExport: this.resolve(this.exportValue(inbound.bucket.bucketArn))['Fn::ImportValue'],
      mail: new Mail(this, 'Mail', props.mailDomain, inbound.address),
      accessTokenSecretArn: this.accessToken(),
      slackSecretArn: this.slack(),
      salesforceSecretArn: this.salesforce(),
      linkKeysSecretArn: this.linkKeys(),
      alarmTopic,
      portalId: props.portalId,
      adminEmail: props.adminEmail,
      localAddresses: props.localAddresses,
    };
    for (const value of shared(this.platform)) this.exportValue(value);
  }

  private table(): Table {
    const table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      timeToLiveAttribute: 'expiresAt',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    table.addGlobalSecondaryIndex({
      indexName: tableIndex,
      partitionKey: { name: 'gsi1pk', type: AttributeType.STRING },
      sortKey: { name: 'gsi1sk', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    return table;
  }

  /** Files come and go by addresses that are signed for minutes; nothing in it is the only copy of anything after its job. */
  private files(): Bucket {
    const bucket = new Bucket(this, 'Files', {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      lifecycleRules: [
        { id: 'files-expire', expiration: Duration.days(30), abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Who imported and exported what stands in the table; a log of the reads of short-lived files would outlive them.',
    });
    return bucket;
  }

  private workQueues({ queues, timeoutOf }: DataStackProps, alarmTopic: Topic) {
    const made = queues.map(({ name, worker, maxReceiveCount }): [string, WorkQueueResources] => [
      name,
      new RedrivenQueue(this, pascal(name), {
        name,
        timeoutSeconds: timeoutOf(worker),
        maxReceiveCount,
        alarmTopic,
      }),
    ]);
    return Object.fromEntries(made) as Record<QueueName, WorkQueueResources>;
  }

  /** The first access token of the installation; the seeding worker stores its hash, the operator hands it out. */
  private accessToken(): string {
    const secret = new Secret(this, 'AccessToken', {
      description: 'Access token with every scope, made with the installation',
      generateSecretString: { passwordLength: 48, excludePunctuation: true, includeSpace: false },
    });
    acknowledgeNoRotation(
      secret,
      'Clients hold this token; it is replaced by hand, as a private app token of HubSpot is.',
    );
    new CfnOutput(this, 'AccessTokenSecret', { value: secret.secretArn });
    return secret.secretArn;
  }

  /** `{"webhookUrl": …}`; without a value until somebody connects Slack, hence the L1 (the L2 always makes one up). */
  private slack(): string {
    const secret = new CfnSecret(this, 'Slack', {
      description: 'Incoming webhook of Slack: {"webhookUrl": "https://…"}',
    });
    acknowledgeNoRotation(secret, 'Slack issues the webhook address; nobody else can rotate it.');
    return secret.ref;
  }

  /** `{"current": "1", "1": …}`: the keys by their ids. A new key is added beside the old one, whose links stay good until it is taken out. */
  private linkKeys(): string {
    const secret = new Secret(this, 'LinkKeys', {
      description: 'Keys that sign links in mails: {"current": "<id>", "<id>": "<key>"}',
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ current: '1' }),
        generateStringKey: '1',
        passwordLength: 64,
        excludePunctuation: true,
        includeSpace: false,
      },
    });
    acknowledgeNoRotation(
      secret,
      'Links live for months: a key is replaced by hand, and the old one kept until they end.',
    );
    return secret.secretArn;
  }

  /** The client's credentials; without a value until somebody connects Salesforce. */
  private salesforce(): string {
    const secret = new CfnSecret(this, 'SalesforceClient', {
      description: 'Client of Salesforce: {"kind": "jwt" | "client_credentials", "clientId": …}',
    });
    acknowledgeNoRotation(secret, 'Salesforce issues the client and knows its key; nobody else can rotate it.');
    return secret.ref;
  }

  private alarms(email: string | undefined): Topic {
    const topic = new Topic(this, 'Alarms', { enforceSSL: true });
    // A policy of our own replaces the one by which SNS lets the account's alarms publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    if (email) topic.addSubscription(new EmailSubscription(email));
    return topic;
  }
}

/**
 * What other stacks may ask for. It is exported whether they do or not: an export that went as its last user goes would still
 * be in use when CloudFormation comes to this stack, which is first, and that would block the deployment.
 */
const shared = ({ table, bus, files, workQueues, mail, alarmTopic, ...platform }: DataPlatform) => [
  table.tableArn,
  table.tableName,
  table.tableStreamArn,
  bus.eventBusArn,
  bus.eventBusName,
  files.bucketArn,
  files.bucketName,
  platform.mails.bucketArn,
  platform.mails.bucketName,
  ...Object.values(workQueues).flatMap(({ queue }) => [queue.queueArn, queue.queueUrl]),
  mail.identityName,
  mail.configurationSetName,
  mail.bulkConfigurationSetName,
  platform.accessTokenSecretArn,
  platform.slackSecretArn,
  platform.salesforceSecretArn,
  platform.linkKeysSecretArn,
  alarmTopic.topicArn,
];

const acknowledgeNoRotation = (secret: Construct, reason: string) =>
  Validations.of(secret).acknowledge({ id: 'AwsSolutions-SMG4', reason });
