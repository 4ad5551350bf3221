import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Capability, QueueName } from '../../lib/core/operation.ts';
import type { Platform } from './platform.ts';

/** What one capability brings to a function: permissions and the variables that make them usable. */
interface Grant {
  readonly statements: readonly PolicyStatement[];
  readonly variables: Readonly<Record<string, string>>;
}

/** The table's only index; `Query` is the only thing done with it. */
export const tableIndex = 'gsi1';

/** The one place where a capability becomes a least-privilege grant and its variables. */
export function grantOf(capability: Capability, platform: Platform): Grant {
  const queue = queueOf(capability);
  if (queue) return sendTo(queue, platform);
  switch (capability as Exclude<Capability, `queue:${QueueName}`>) {
    case 'table:read':
      return readTable(platform);
    case 'table:write':
      return writeTable(platform);
    case 'files:read':
      return readFiles(platform);
    case 'files:write':
      return writeFiles(platform);
    case 'mails:read':
      return ofMails('s3:GetObject', platform, 'inbound', 'attachments');
    case 'mails:write':
      return ofMails('s3:PutObject', platform, 'attachments');
    case 'mails:delete':
      return ofMails('s3:DeleteObject', platform, 'inbound', 'attachments');
    case 'inbox-address':
      return { statements: [], variables: { INBOX_ADDRESS: platform.mail.inboxAddress } };
    case 'bus:publish':
      return {
        statements: [allow(['events:PutEvents'], platform.bus.eventBusArn)],
        variables: { BUS_NAME: platform.bus.eventBusName },
      };
    case 'mail:send':
      return sendMail(platform);
    case 'mail:bulk':
      return sendBulkMail(platform);
    case 'mail:quota':
      // SES has no resource for the account's quota.
      return { statements: [allow(['ses:GetSendQuota'], '*')], variables: {} };
    case 'secret:access-token:read':
      return {
        statements: [allow(['secretsmanager:GetSecretValue'], platform.accessTokenSecretArn)],
        variables: { ACCESS_TOKEN_SECRET_ARN: platform.accessTokenSecretArn },
      };
    case 'secret:slack:read':
      return slackSecret('secretsmanager:GetSecretValue', platform);
    case 'secret:slack:write':
      return slackSecret('secretsmanager:PutSecretValue', platform);
    case 'secret:salesforce:read':
      return salesforceSecret('secretsmanager:GetSecretValue', platform);
    case 'secret:salesforce:write':
      return salesforceSecret('secretsmanager:PutSecretValue', platform);
    case 'secret:link-keys:read':
      return {
        statements: [allow(['secretsmanager:GetSecretValue'], platform.linkKeysSecretArn)],
        variables: { LINK_KEYS_SECRET_ARN: platform.linkKeysSecretArn },
      };
    case 'public-url':
      return { statements: [], variables: { PUBLIC_URL: platform.publicUrl } };
    case 'http:outgoing':
      // The internet needs no permission; what the function may call there is its own decision, made by this variable.
      return { statements: [], variables: { OUTGOING_PRIVATE_ADDRESSES: platform.localAddresses } };
  }
}

/** The variable that holds a work queue's address: `flow-steps` is in `QUEUE_FLOW_STEPS_URL`. */
const queueVariable = (name: QueueName) => `QUEUE_${name.toUpperCase().replaceAll('-', '_')}_URL`;

/** A statement that allows exactly these actions on exactly these resources. */
export const allow = (actions: readonly string[], ...resources: readonly string[]) =>
  new PolicyStatement({ actions: [...actions], resources: [...resources] });

function queueOf(capability: Capability): QueueName | undefined {
  const [kind, name] = capability.split(':');
  return kind === 'queue' ? (name as QueueName) : undefined;
}

function readTable({ table }: Platform): Grant {
  return {
    statements: [
      allow(['dynamodb:BatchGetItem', 'dynamodb:GetItem'], table.tableArn),
      allow(['dynamodb:Query'], table.tableArn, `${table.tableArn}/index/${tableIndex}`),
    ],
    variables: { TABLE_NAME: table.tableName },
  };
}

function writeTable({ table }: Platform): Grant {
  const actions = ['BatchWriteItem', 'ConditionCheckItem', 'DeleteItem', 'PutItem', 'UpdateItem'];
  return {
    statements: [
      allow(
        actions.map((action) => `dynamodb:${action}`),
        table.tableArn,
      ),
    ],
    variables: { TABLE_NAME: table.tableName },
  };
}

/** Without the right to list, S3 says 403 instead of 404 of a file that is not there. */
function readFiles({ files }: Platform): Grant {
  return {
    statements: [allow(['s3:GetObject'], files.arnForObjects('*')), allow(['s3:ListBucket'], files.bucketArn)],
    variables: { FILES_BUCKET: files.bucketName },
  };
}

function writeFiles({ files }: Platform): Grant {
  return {
    statements: [allow(['s3:AbortMultipartUpload', 's3:PutObject'], files.arnForObjects('*'))],
    variables: { FILES_BUCKET: files.bucketName },
  };
}

function ofMails(action: string, { mails }: Platform, ...folders: readonly string[]): Grant {
  return {
    statements: [allow([action], ...folders.map((folder) => mails.arnForObjects(`${folder}/*`)))],
    variables: { MAIL_BUCKET: mails.bucketName },
  };
}

function sendTo(name: QueueName, { workQueues }: Platform): Grant {
  const { queue } = workQueues[name];
  return {
    statements: [allow(['sqs:SendMessage'], queue.queueArn)],
    variables: { [queueVariable(name)]: queue.queueUrl },
  };
}

function sendMail({ mail }: Platform): Grant {
  return {
    // SES checks the sender's identity and the configuration set, each by its own ARN.
    statements: [allow(['ses:SendRawEmail'], mail.identityArn, mail.configurationSetArn)],
    variables: { MAIL_FROM: mail.from, MAIL_CONFIGURATION_SET: mail.configurationSetName },
  };
}

function sendBulkMail({ mail }: Platform): Grant {
  return {
    statements: [allow(['ses:SendRawEmail'], mail.identityArn, mail.bulkConfigurationSetArn)],
    variables: { MAIL_FROM: mail.from, MAIL_BULK_CONFIGURATION_SET: mail.bulkConfigurationSetName },
  };
}

function slackSecret(action: string, { slackSecretArn }: Platform): Grant {
  return { statements: [allow([action], slackSecretArn)], variables: { SLACK_SECRET_ARN: slackSecretArn } };
}

function salesforceSecret(action: string, { salesforceSecretArn }: Platform): Grant {
  return {
    statements: [allow([action], salesforceSecretArn)],
    variables: { SALESFORCE_SECRET_ARN: salesforceSecretArn },
  };
}
