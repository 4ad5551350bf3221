import type { SecretModel } from '../model.ts';
import type { Place } from './identity.ts';

/** One thing that a caller must be allowed to do. */
type Permission = { readonly action: string; readonly resource: string };

/** A call of an AWS service, taken apart. */
export type AwsCall = {
  readonly service: string;
  readonly action: string;
  /** The JSON body, or the fields of a form. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly form?: URLSearchParams;
};

type Needs = (call: AwsCall, place: Place, secrets: readonly SecretModel[]) => Permission[];

const arn = ({ region, accountId }: Place, service: string, resource: string) =>
  `arn:aws:${service}:${region}:${accountId}:${resource}`;

const records = (value: unknown): readonly Record<string, unknown>[] =>
  Array.isArray(value)
    ? value.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null)
    : [];

const keysOf = (value: unknown): string[] => (typeof value === 'object' && value !== null ? Object.keys(value) : []);

const tableArn = (name: unknown, place: Place) => {
  const text = String(name);
  return text.startsWith('arn:') ? text : arn(place, 'dynamodb', `table/${text}`);
};

/** The items of a transaction are checked one by one, each as the call that it stands for. */
const transaction: Needs = ({ body }, place) =>
  records(body.TransactItems).flatMap((item) =>
    Object.entries(item).map(([kind, part]) => ({
      action: `dynamodb:${{ Put: 'PutItem', Update: 'UpdateItem', Delete: 'DeleteItem', ConditionCheck: 'ConditionCheckItem', Get: 'GetItem' }[kind] ?? kind}`,
      resource: tableArn((part as { TableName?: unknown } | undefined)?.TableName, place),
    })),
  );

const batch: Needs = ({ action, body }, place) =>
  keysOf(body.RequestItems).map((name) => ({ action: `dynamodb:${action}`, resource: tableArn(name, place) }));

const dynamodb: Needs = (call, place, secrets) => {
  const { action, body } = call;
  if (action === 'TransactWriteItems' || action === 'TransactGetItems') return transaction(call, place, secrets);
  if (action === 'BatchGetItem' || action === 'BatchWriteItem') return batch(call, place, secrets);
  if (body.TableName === undefined) return [{ action: `dynamodb:${action}`, resource: '*' }];
  const table = tableArn(body.TableName, place);
  return [
    {
      action: `dynamodb:${action}`,
      resource: body.IndexName === undefined ? table : `${table}/index/${String(body.IndexName)}`,
    },
  ];
};

const events: Needs = ({ action, body }, place) =>
  records(body.Entries).map(({ EventBusName = 'default' }) => {
    const bus = String(EventBusName);
    return {
      action: `events:${action}`,
      resource: bus.startsWith('arn:') ? bus : arn(place, 'events', `event-bus/${bus}`),
    };
  });

/** A batch needs the right of its single call. */
const sqs: Needs = ({ action, body }, place) => {
  const name =
    body.QueueName ??
    String(body.QueueUrl ?? '*')
      .split('/')
      .at(-1);
  return [{ action: `sqs:${action.replace(/Batch$/, '')}`, resource: arn(place, 'sqs', String(name)) }];
};

/** SES checks the sender's identity, the address or its domain, and the configuration set, each by its own ARN. */
const ses: Needs = ({ action, body }, place) => {
  const domain = senderOf(body).split('@').at(-1) ?? '';
  const set = body.ConfigurationSetName ?? rawHeader(body, 'X-SES-CONFIGURATION-SET');
  return [
    { action: `ses:${action}`, resource: action.startsWith('Send') ? arn(place, 'ses', `identity/${domain}`) : '*' },
    ...(set ? [{ action: `ses:${action}`, resource: arn(place, 'ses', `configuration-set/${String(set)}`) }] : []),
  ];
};

const senderOf = (body: AwsCall['body']) => {
  const from = String(body.Source ?? rawHeader(body, 'From') ?? '');
  return (/<([^<>]+)>\s*$/.exec(from)?.[1] ?? from).trim();
};

function rawHeader(body: AwsCall['body'], name: string): string | undefined {
  const raw = body['RawMessage.Data'];
  if (typeof raw !== 'string') return undefined;
  const [head = ''] = Buffer.from(raw, 'base64')
    .toString('latin1')
    .split(/\r?\n\r?\n/, 1);
  const unfolded = head.replace(/\r?\n[ \t]+/g, ' ');
  return new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(unfolded)?.[1]?.trim();
}

const secretsmanager: Needs = ({ action, body }, _, secrets) => {
  const id = String(body.SecretId ?? '*');
  const known = secrets.find(({ name }) => name === id);
  return [{ action: `secretsmanager:${action}`, resource: known?.arn ?? id }];
};

/** Every step of an upload is a `PutObject`; whoever may read an object may ask for its size. */
const s3: Needs = ({ action, body }) => {
  const resource = `arn:aws:s3:::${String(body.Bucket)}/${String(body.Key)}`;
  if (action === 'AbortMultipartUpload') return [{ action: 's3:AbortMultipartUpload', resource }];
  return [{ action: action === 'GetObject' || action === 'HeadObject' ? 's3:GetObject' : 's3:PutObject', resource }];
};

const services: Readonly<Record<string, Needs>> = { dynamodb, events, sqs, ses, secretsmanager, s3 };

/** What a call needs to be allowed, as AWS documents it for each action. */
export const permissionsFor: Needs = (call, place, secrets) =>
  services[call.service]?.(call, place, secrets) ?? [{ action: `${call.service}:${call.action}`, resource: '*' }];

/** How many items a call of DynamoDB writes, when it is not refused. A condition check writes none. */
export function itemsWritten({ service, action, body }: AwsCall): number {
  if (service !== 'dynamodb') return 0;
  if (action === 'TransactWriteItems') return records(body.TransactItems).filter((item) => !item.ConditionCheck).length;
  if (action === 'BatchWriteItem')
    return Object.values(body.RequestItems ?? {}).reduce((sum, items) => sum + records(items).length, 0);
  return ['PutItem', 'UpdateItem', 'DeleteItem'].includes(action) ? 1 : 0;
}
