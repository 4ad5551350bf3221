import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { QueueName } from '../../lib/core/operation.ts';

/** A work queue and the dead-letter queue behind it. */
export interface WorkQueueResources {
  readonly queue: IQueue;
  readonly deadLetters: IQueue;
}

/** Who mail comes from and which configuration set reports what became of it. */
export interface MailResources {
  readonly from: string;
  /** Where the first inbox gets its mail. */
  readonly inboxAddress: string;
  readonly identityName: string;
  readonly identityArn: string;
  readonly configurationSetName: string;
  readonly configurationSetArn: string;
  readonly bulkConfigurationSetName: string;
  readonly bulkConfigurationSetArn: string;
}

/** The stateful resources and the settings of this installation. */
export interface DataPlatform {
  readonly table: ITable;
  readonly bus: IEventBus;
  /** Uploads, results of imports and exports, and what their jobs work on. */
  readonly files: IBucket;
  /** Mails that came in, as they came, and their files. */
  readonly mails: IBucket;
  readonly mailsExport: string;
  /** The name under which other stacks import the bucket's ARN. */
  readonly filesExport: string;
  readonly workQueues: Readonly<Record<QueueName, WorkQueueResources>>;
  readonly mail: MailResources;
  readonly accessTokenSecretArn: string;
  readonly slackSecretArn: string;
  /** How the sync signs in to Salesforce. */
  readonly salesforceSecretArn: string;
  /** The keys that sign links. */
  readonly linkKeysSecretArn: string;
  readonly alarmTopic: ITopic;
  readonly portalId: number;
  /** The first user of a new installation. */
  readonly adminEmail: string | undefined;
  /** Whether functions may call private addresses that a user configured; only localhost allows it. */
  readonly localAddresses: 'allow' | 'refuse';
}

/** What the stacks of the areas share. */
export interface Platform extends DataPlatform {
  /** Where the public API is reached, for the links in mails. */
  readonly publicUrl: string;
  /** The host under which clients reach the APIs that ask for a token. */
  readonly apiHost: string;
  /** Whether HubSpot's dated paths have routes, or are sent on. */
  readonly datedPaths: 'route' | 'redirect';
}
