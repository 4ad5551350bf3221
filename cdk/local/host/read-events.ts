import * as z from 'zod/mini';
import { allows, matches } from '../iam.ts';
import type { EventSourceModel, FunctionModel, QueueModel, RuleModel } from '../model.ts';
import type { Resolver } from '../resolve.ts';
import { TemplateError } from '../template.ts';
import { functionOf, type MayStart } from './read-functions.ts';
import { PolicyDocument } from './read-policies.ts';
import { oneOrMore, readResources } from './read-resources.ts';

const Queue = z.object({
  VisibilityTimeout: z._default(z.coerce.number(), 30),
  DelaySeconds: z._default(z.coerce.number(), 0),
  FifoQueue: z.optional(z.literal(false)),
  RedrivePolicy: z.optional(z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() })),
});
const QueuePolicy = z.object({ Queues: z.array(z.string()), PolicyDocument });
const Target = z.object({
  Id: z.string(),
  Arn: z.string(),
  Input: z.optional(z.string()),
  InputPath: z.optional(z.never()),
  InputTransformer: z.optional(z.never()),
  DeadLetterConfig: z.optional(z.object({ Arn: z.optional(z.string()) })),
  RetryPolicy: z.optional(z.object({ MaximumRetryAttempts: z.optional(z.coerce.number()) })),
});
const Rule = z.object({
  EventBusName: z._default(z.string(), 'default'),
  State: z._default(z.string(), 'ENABLED'),
  EventPattern: z.optional(z.record(z.string(), z.unknown())),
  ScheduleExpression: z.optional(z.string()),
  Targets: z._default(z.array(Target), []),
});
const Schedule = z.object({
  State: z._default(z.string(), 'ENABLED'),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.optional(z.literal('UTC')),
  Target: z.omit(Target, { Id: true }),
});
const Mapping = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  Enabled: z._default(z.boolean(), true),
  BatchSize: z.optional(z.coerce.number()),
  MaximumBatchingWindowInSeconds: z._default(z.coerce.number(), 0),
  FilterCriteria: z._default(z.object({ Filters: z._default(z.array(z.object({ Pattern: z.string() })), []) }), {
    Filters: [],
  }),
  BisectBatchOnFunctionError: z._default(z.boolean(), false),
  MaximumRetryAttempts: z._default(z.coerce.number(), -1),
  FunctionResponseTypes: z._default(z.array(z.string()), []),
  DestinationConfig: z.optional(z.object({ OnFailure: z.optional(z.object({ Destination: z.optional(z.string()) })) })),
  ScalingConfig: z.optional(z.object({ MaximumConcurrency: z.optional(z.coerce.number()) })),
});

/** Standard queues with their dead-letter queues. */
export function readQueues(resolver: Resolver): QueueModel[] {
  return readResources(resolver, 'AWS::SQS::Queue', Queue).map(({ identity, properties }) => ({
    name: identity.attributes.QueueName ?? '',
    arn: identity.attributes.Arn ?? '',
    url: identity.ref,
    visibilityTimeoutSeconds: properties.VisibilityTimeout,
    delaySeconds: properties.DelaySeconds,
    ...(properties.RedrivePolicy && {
      redrive: {
        deadLetterArn: properties.RedrivePolicy.deadLetterTargetArn,
        maxReceiveCount: properties.RedrivePolicy.maxReceiveCount,
      },
    }),
  }));
}

/** Rules of every bus and schedules. @throws TemplateError for a target that EventBridge would not be permitted to reach. */
export function readRules(resolver: Resolver, functions: readonly FunctionModel[], mayStart: MayStart): RuleModel[] {
  const admits = queuePolicies(resolver);
  const rules = readResources(resolver, 'AWS::Events::Rule', Rule).map(
    ({ logicalId, identity, properties }): RuleModel => {
      const ruleArn = identity.attributes.Arn ?? '';
      const reached = properties.Targets.flatMap(({ Arn, DeadLetterConfig }) =>
        [Arn, DeadLetterConfig?.Arn ?? []].flat(),
      );
      for (const arn of reached) {
        const isQueue = arn.split(':')[2] === 'sqs';
        if (isQueue ? !admits(arn, ruleArn) : !mayStart('events', functionOf(functions, arn, logicalId).id, ruleArn))
          throw new TemplateError(
            `The rule ${logicalId} may not reach ${arn}: ${isQueue ? 'the queue policy' : 'a permission'} is missing`,
          );
      }
      return {
        name: identity.ref,
        busName: properties.EventBusName.split('/').at(-1) ?? 'default',
        enabled: properties.State.startsWith('ENABLED'),
        ...(properties.EventPattern && { pattern: properties.EventPattern }),
        ...(properties.ScheduleExpression && { schedule: properties.ScheduleExpression }),
        targets: properties.Targets.map((target) => targetOf(target.Id, target)),
      };
    },
  );
  const schedules = readResources(resolver, 'AWS::Scheduler::Schedule', Schedule).map(
    ({ identity, properties }): RuleModel => ({
      name: identity.ref,
      busName: 'default',
      enabled: properties.State === 'ENABLED',
      schedule: properties.ScheduleExpression,
      targets: [targetOf('target', properties.Target)],
    }),
  );
  return [...rules, ...schedules];
}

const targetOf = (id: string, target: Omit<z.output<typeof Target>, 'Id'>): RuleModel['targets'][number] => ({
  id,
  arn: target.Arn,
  ...(target.Input !== undefined && { input: target.Input }),
  ...(target.DeadLetterConfig?.Arn && { deadLetterArn: target.DeadLetterConfig.Arn }),
  ...(target.RetryPolicy?.MaximumRetryAttempts !== undefined && {
    maximumRetryAttempts: target.RetryPolicy.MaximumRetryAttempts,
  }),
});

/** Whether a queue's policy lets EventBridge send what a rule matched. */
function queuePolicies(resolver: Resolver): (queueArn: string, ruleArn: string) => boolean {
  const urls = new Map(
    readResources(resolver, 'AWS::SQS::Queue', Queue).map(({ identity }) => [
      identity.attributes.Arn ?? '',
      identity.ref,
    ]),
  );
  const policies = readResources(resolver, 'AWS::SQS::QueuePolicy', QueuePolicy).map(({ properties }) => properties);
  return (queueArn, ruleArn) =>
    policies
      .filter(({ Queues }) => Queues.includes(urls.get(queueArn) ?? queueArn))
      .some(({ PolicyDocument }) => PolicyDocument.Statement.some((statement) => admitsRule(statement, ruleArn)));
}

const Admission = z.object({
  Effect: z.literal('Allow'),
  Principal: z.object({ Service: z.unknown() }),
  Action: z.unknown(),
  Condition: z._default(z.strictObject({ ArnEquals: z.strictObject({ 'aws:SourceArn': z.unknown() }) }), {
    ArnEquals: { 'aws:SourceArn': '*' },
  }),
});

function admitsRule(statement: unknown, ruleArn: string): boolean {
  const { success, data } = Admission.safeParse(statement);
  return (
    success &&
    oneOrMore(data.Principal.Service).includes('events.amazonaws.com') &&
    oneOrMore(data.Action).includes('sqs:SendMessage') &&
    oneOrMore(data.Condition.ArnEquals['aws:SourceArn']).some((pattern) => matches(String(pattern), ruleArn))
  );
}

/** What Lambda itself does with the rights of the function's role when it reads a source for it. */
const neededRights = {
  sqs: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  dynamodb: ['dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:DescribeStream', 'dynamodb:ListStreams'],
} as const;

/** Stream readers and queue consumers. @throws TemplateError when the function's role may not read its source. */
export function readEventSources(resolver: Resolver, functions: readonly FunctionModel[]): EventSourceModel[] {
  return readResources(resolver, 'AWS::Lambda::EventSourceMapping', Mapping)
    .filter(({ properties }) => properties.Enabled)
    .map(({ logicalId, stack, properties }) => {
      const fn = functionOf(functions, properties.FunctionName, logicalId);
      const isQueue = properties.EventSourceArn.split(':')[2] === 'sqs';
      const denied = neededRights[isQueue ? 'sqs' : 'dynamodb'].filter(
        (action) => !allows(fn.policies, action, properties.EventSourceArn),
      );
      if (denied.length > 0)
        throw new TemplateError(
          `${fn.id} may not read ${properties.EventSourceArn}: its role lacks ${denied.join(', ')}`,
        );
      const deadLetterArn = properties.DestinationConfig?.OnFailure?.Destination;
      if (deadLetterArn && !allows(fn.policies, 'sqs:SendMessage', deadLetterArn))
        throw new TemplateError(`${fn.id} may not send to ${deadLetterArn}: its role lacks sqs:SendMessage`);
      const maximumConcurrency = properties.ScalingConfig?.MaximumConcurrency;
      return {
        id: `${stack.name}/${logicalId}`,
        functionId: fn.id,
        source: isQueue
          ? { kind: 'queue', queueArn: properties.EventSourceArn }
          : { kind: 'stream', tableName: properties.EventSourceArn.split('/')[1] ?? '' },
        batchSize: properties.BatchSize ?? (isQueue ? 10 : 100),
        maximumBatchingWindowSeconds: properties.MaximumBatchingWindowInSeconds,
        filters: properties.FilterCriteria.Filters.map(({ Pattern }) => JSON.parse(Pattern) as Record<string, unknown>),
        bisectOnError: properties.BisectBatchOnFunctionError,
        maximumRetryAttempts: properties.MaximumRetryAttempts,
        reportBatchItemFailures: properties.FunctionResponseTypes.includes('ReportBatchItemFailures'),
        ...(deadLetterArn && { deadLetterArn }),
        ...(maximumConcurrency !== undefined && { maximumConcurrency }),
      };
    });
}
