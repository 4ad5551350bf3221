import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { Emitted } from '../../events/define.ts';
import { appendEvent } from '../../lib/table/event-log.ts';

/** A stream batch that holds these events as freshly written items, in this order. */
export const streamOf = (...events: readonly Emitted[]): DynamoDBStreamEvent => ({
  Records: events.map((event, position): DynamoDBRecord => {
    const write = appendEvent(event);
    const item = 'put' in write ? write.put : {};
    return {
      eventName: 'INSERT',
      eventSource: 'aws:dynamodb',
      dynamodb: {
        NewImage: marshall(item) as NonNullable<DynamoDBRecord['dynamodb']>['NewImage'],
        SequenceNumber: `${position + 1}`,
      },
    } as DynamoDBRecord;
  }),
});
