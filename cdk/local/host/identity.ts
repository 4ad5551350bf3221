import { createHash } from 'node:crypto';

/** The addresses and names that the account gives; on localhost they are fixed. */
export type Place = {
  readonly region: string;
  readonly accountId: string;
  /** Where queue URLs start: the AWS endpoint of this system. */
  readonly awsUrl: string;
  /** What an HTTP API answers on. */
  readonly apiUrl: string;
};

/** What `Ref` and `Fn::GetAtt` give for one resource. */
export type Identity = { readonly ref: string; readonly attributes: Readonly<Record<string, string>> };

type Self = {
  /** The name that the template gives or, without one, the one that CloudFormation would make up. */
  readonly name: string;
  /** A property as text, resolved; undefined when the template has none. */
  readonly property: (name: string) => string | undefined;
  readonly place: Place;
};

const arn = ({ region, accountId }: Place, service: string, resource: string) =>
  `arn:aws:${service}:${region}:${accountId}:${resource}`;

const named =
  (service: string, kind: string, ...aliases: string[]) =>
  ({ name, place }: Self): Identity => ({
    ref: name,
    attributes: {
      Arn: arn(place, service, `${kind}${name}`),
      ...Object.fromEntries(aliases.map((alias) => [alias, name])),
    },
  });

const plain = ({ name }: Self): Identity => ({ ref: name, attributes: { Id: name } });

const table = ({ name, place }: Self): Identity => {
  const own = arn(place, 'dynamodb', `table/${name}`);
  return { ref: name, attributes: { Arn: own, StreamArn: `${own}/stream/2026-01-01T00:00:00.000` } };
};

const queue = ({ name, place }: Self): Identity => {
  const url = `${place.awsUrl}/${place.accountId}/${name}`;
  return { ref: url, attributes: { Arn: arn(place, 'sqs', name), QueueName: name, QueueUrl: url } };
};

/** Secrets Manager ends each ARN in six characters of its own. */
const secret = ({ name, place }: Self): Identity => {
  const suffix = createHash('sha256')
    .update(name)
    .digest('base64')
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, 6);
  const own = arn(place, 'secretsmanager', `secret:${name}-${suffix}`);
  return { ref: own, attributes: { Id: own } };
};

/** Bucket names are in lower case. */
const bucket = ({ name: given }: Self): Identity => {
  const name = given.toLowerCase();
  return { ref: name, attributes: { Arn: `arn:aws:s3:::${name}` } };
};

const rule = ({ name, property, place }: Self): Identity => {
  const bus = property('EventBusName')?.split('/').at(-1);
  const path = bus && bus !== 'default' ? `${bus}/${name}` : name;
  return { ref: name, attributes: { Arn: arn(place, 'events', `rule/${path}`) } };
};

const role = ({ name, place }: Self): Identity => ({
  ref: name,
  attributes: { Arn: `arn:aws:iam::${place.accountId}:role/${name}`, RoleId: `AROA${name}` },
});

const logGroup = ({ name, place }: Self): Identity => ({
  ref: name,
  attributes: { Arn: arn(place, 'logs', `log-group:${name}:*`) },
});

const topic = ({ name, place }: Self): Identity => {
  const own = arn(place, 'sns', name);
  return { ref: own, attributes: { TopicArn: own, TopicName: name } };
};

const httpApi = ({ name, place }: Self): Identity => ({
  ref: name,
  attributes: { ApiId: name, ApiEndpoint: place.apiUrl },
});

/** On localhost it answers where its origins do. */
const distribution = ({ name, place }: Self): Identity => ({
  ref: name,
  attributes: { Id: name, DomainName: new URL(place.apiUrl).host },
});

/** Resource type → the property that holds its name, and what refers to it. */
const identities: Readonly<
  Record<string, { readonly nameProperty?: string; readonly identity: (self: Self) => Identity }>
> = {
  'AWS::DynamoDB::Table': { nameProperty: 'TableName', identity: table },
  'AWS::DynamoDB::GlobalTable': { nameProperty: 'TableName', identity: table },
  'AWS::SQS::Queue': { nameProperty: 'QueueName', identity: queue },
  'AWS::Events::EventBus': { nameProperty: 'Name', identity: named('events', 'event-bus/', 'Name') },
  'AWS::Events::Rule': { nameProperty: 'Name', identity: rule },
  'AWS::Scheduler::Schedule': { nameProperty: 'Name', identity: named('scheduler', 'schedule/default/') },
  'AWS::Scheduler::ScheduleGroup': { nameProperty: 'Name', identity: named('scheduler', 'schedule-group/') },
  'AWS::Lambda::Function': { nameProperty: 'FunctionName', identity: named('lambda', 'function:') },
  'AWS::Lambda::EventSourceMapping': { identity: plain },
  'AWS::Lambda::Permission': { identity: plain },
  'AWS::IAM::Role': { nameProperty: 'RoleName', identity: role },
  'AWS::IAM::Policy': { nameProperty: 'PolicyName', identity: plain },
  'AWS::IAM::ManagedPolicy': { nameProperty: 'ManagedPolicyName', identity: plain },
  'AWS::Logs::LogGroup': { nameProperty: 'LogGroupName', identity: logGroup },
  'AWS::SecretsManager::Secret': { nameProperty: 'Name', identity: secret },
  'AWS::SES::ConfigurationSet': { nameProperty: 'Name', identity: named('ses', 'configuration-set/') },
  'AWS::SES::ReceiptRuleSet': { nameProperty: 'RuleSetName', identity: named('ses', 'receipt-rule-set/') },
  'AWS::SES::ReceiptRule': { identity: plain },
  'AWS::SES::EmailIdentity': { nameProperty: 'EmailIdentity', identity: named('ses', 'identity/') },
  'AWS::SES::ConfigurationSetEventDestination': { identity: plain },
  'AWS::SQS::QueuePolicy': { identity: plain },
  'AWS::S3::Bucket': { nameProperty: 'BucketName', identity: bucket },
  'AWS::SNS::Topic': { nameProperty: 'TopicName', identity: topic },
  'AWS::KMS::Key': { identity: named('kms', 'key/', 'KeyId') },
  'AWS::ApiGatewayV2::Api': { identity: httpApi },
  'AWS::CloudFront::Distribution': { identity: distribution },
  'AWS::ApiGatewayV2::Stage': { nameProperty: 'StageName', identity: plain },
  'AWS::ApiGatewayV2::Integration': { identity: plain },
  'AWS::ApiGatewayV2::Route': { identity: plain },
};

/** The identity of a resource; undefined for a type that localhost cannot refer to. Names are stable over restarts. */
export function identityOf(
  type: string,
  generatedName: string,
  property: (name: string) => string | undefined,
  place: Place,
): Identity | undefined {
  if (type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource')
    return { ref: generatedName, attributes: {} };
  const entry = identities[type];
  if (!entry) return undefined;
  const name = (entry.nameProperty && property(entry.nameProperty)) ?? generatedName;
  return entry.identity({ name, property, place });
}
