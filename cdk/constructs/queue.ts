import { Duration } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { alarmOnDeadLetters } from './alarms.ts';
import { product } from './names.ts';

interface RedrivenQueueProps {
  /** Without the product's prefix. */
  readonly name: string;
  /** Of the worker that reads the queue. */
  readonly timeoutSeconds: number;
  readonly maxReceiveCount: number;
  readonly alarmTopic: ITopic;
}

/** Where messages end that could not be handled: kept for the 14 days that SQS allows, with an alarm on the first one. */
export class DeadLetterQueue extends Queue {
  constructor(scope: Construct, id: string, props: { readonly name: string; readonly alarmTopic: ITopic }) {
    super(scope, id, {
      queueName: `${product}-${props.name}-dead-letters`,
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    alarmOnDeadLetters(this, props.name, this, props.alarmTopic);
  }
}

/** A queue with a dead-letter queue of its own. */
export class RedrivenQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { name, timeoutSeconds, maxReceiveCount, alarmTopic }: RedrivenQueueProps) {
    super(scope, id);
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', { name, alarmTopic });
    this.queue = new Queue(this, 'Queue', {
      queueName: `${product}-${name}`,
      // A failed message comes back after this long. Twice the timeout leaves room for a throttled start of the worker
      // and still repeats a failed step within a minute; a message that comes back too early only costs a skipped repeat.
      visibilityTimeout: Duration.seconds(timeoutSeconds * 2),
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount },
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
  }
}
