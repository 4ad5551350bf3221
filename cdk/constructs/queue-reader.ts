import { EventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { allow } from './capabilities.ts';
import type { Trigger } from './trigger.ts';

interface QueueReaderProps {
  readonly queue: IQueue;
  readonly batchSize: number;
}

/** Of the thousand that an account may run at once: a burst of messages waits its turn and leaves the rest to requests. */
const maxConcurrency = 10;

/** Gives a queue's messages to a worker, which reports the messages that failed; only those come again. */
export class QueueReader extends Construct implements Trigger {
  readonly statements;
  private readonly source: QueueReaderProps;

  constructor(scope: Construct, id: string, props: QueueReaderProps) {
    super(scope, id);
    this.source = props;
    this.statements = [
      allow(
        ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
        props.queue.queueArn,
      ),
    ];
  }

  start(worker: IFunction): void {
    new EventSourceMapping(this, 'Mapping', {
      target: worker,
      eventSourceArn: this.source.queue.queueArn,
      batchSize: this.source.batchSize,
      maxConcurrency,
      reportBatchItemFailures: true,
    });
  }
}
