import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Subscription } from '../../events/subscriptions.ts';
import { pascal } from './names.ts';
import type { Platform } from './platform.ts';
import { RedrivenQueue } from './queue.ts';
import { QueueReader } from './queue-reader.ts';
import type { Trigger } from './trigger.ts';

interface EventFanoutProps {
  readonly worker: string;
  readonly timeoutSeconds: number;
  /** Those of this worker. */
  readonly subscriptions: readonly Subscription[];
  readonly platform: Platform;
}

/** Deliveries of an event to its worker before it goes to the dead-letter queue. */
const maxReceiveCount = 8;

/**
 * The events that a worker subscribed to: one queue for the worker, one rule for each subscription. The queue is between
 * them so that a worker that is down or throttled loses nothing and a burst waits its turn.
 */
export class EventFanout extends Construct implements Trigger {
  readonly statements;
  private readonly reader: QueueReader;

  constructor(scope: Construct, id: string, { worker, timeoutSeconds, subscriptions, platform }: EventFanoutProps) {
    super(scope, id);
    const { queue, deadLetters } = new RedrivenQueue(this, 'Events', {
      name: `${worker.replaceAll('/', '-')}-events`,
      timeoutSeconds,
      maxReceiveCount,
      alarmTopic: platform.alarmTopic,
    });
    const rules = subscriptions.map((subscription) => this.rule(subscription, platform, queue, deadLetters));
    for (const target of [queue, deadLetters]) admit(target, rules);
    this.reader = new QueueReader(this, 'Reader', { queue, batchSize: 10 });
    this.statements = this.reader.statements;
  }

  start(worker: IFunction): void {
    this.reader.start(worker);
  }

  private rule({ name, bus, pattern }: Subscription, platform: Platform, queue: Queue, deadLetters: Queue) {
    // The L1 rule, because a subscription holds the pattern in EventBridge's own words.
    return new CfnRule(this, pascal(name), {
      description: name,
      eventBusName: bus === 'default' ? 'default' : platform.bus.eventBusName,
      eventPattern: pattern,
      targets: [{ id: 'worker', arn: queue.queueArn, deadLetterConfig: { arn: deadLetters.queueArn } }],
    });
  }
}

/** Lets these rules, and no others, put events into the queue. */
function admit(queue: Queue, rules: readonly CfnRule[]) {
  queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rules.map((rule) => rule.attrArn) } },
    }),
  );
}
