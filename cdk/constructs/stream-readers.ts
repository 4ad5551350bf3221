import { Validations } from 'aws-cdk-lib';
import { EventSourceMapping, type IFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { StreamReader as StreamReaderRow } from '../../events/streams.ts';
import { alarmOnIteratorAge } from './alarms.ts';
import { allow } from './capabilities.ts';
import type { Platform } from './platform.ts';
import { DeadLetterQueue } from './queue.ts';
import type { Trigger } from './trigger.ts';

interface StreamReaderProps {
  readonly reader: StreamReaderRow;
  readonly platform: Platform;
}

/**
 * Gives the table's stream to a worker, in order. A batch that fails is cut in halves until the bad record is alone; that
 * one goes to the dead-letter queue after its tries (as a pointer into the stream, which keeps it for a day).
 */
export class StreamReader extends Construct implements Trigger {
  readonly statements;
  private readonly props: StreamReaderProps;
  private readonly deadLetters: DeadLetterQueue;
  private readonly streamArn: string;

  constructor(scope: Construct, id: string, props: StreamReaderProps) {
    super(scope, id);
    const { table, alarmTopic } = props.platform;
    if (!table.tableStreamArn) throw new Error('The table has no stream');
    this.props = props;
    this.streamArn = table.tableStreamArn;
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', {
      name: props.reader.worker.replaceAll('/', '-'),
      alarmTopic,
    });
    Validations.of(this.deadLetters).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is a dead-letter queue itself, of an event source mapping and not of a queue.',
    });
    this.statements = [
      allow(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], this.streamArn),
      allow(['dynamodb:ListStreams'], '*'),
      allow(['sqs:SendMessage'], this.deadLetters.queueArn),
    ];
  }

  start(worker: IFunction): void {
    const { reader, platform } = this.props;
    new EventSourceMapping(this, 'Mapping', {
      target: worker,
      eventSourceArn: this.streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: [{ pattern: JSON.stringify(reader.filter) }],
      batchSize: reader.batchSize,
      bisectBatchOnError: true,
      retryAttempts: reader.maximumRetryAttempts,
      reportBatchItemFailures: true,
      // The right to send stands among the statements above; CDK's own destination would add a second policy for it.
      onFailure: { bind: () => ({ destination: this.deadLetters.queueArn }) },
    });
    alarmOnIteratorAge(this, reader.worker, worker, platform.alarmTopic);
    if (worker.role) {
      Validations.of(worker.role).acknowledge({
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'dynamodb:ListStreams, which Lambda asks of a stream reader, knows no resource-level permission.',
      });
    }
  }
}
