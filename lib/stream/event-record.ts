import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import { EventDetail } from '../../events/define.ts';
import type { Key } from '../table/keys.ts';

const EventItem = z.object({ pk: z.string(), sk: z.string(), type: z.string(), detail: EventDetail });

/** An event as the table's stream tells of it; `sequence` names its place for a partial batch response. */
export type StreamedEvent = {
  readonly key: Key;
  readonly type: string;
  readonly detail: EventDetail;
  readonly sequence: string;
};

/** The event item of a stream record. The filter of the stream lets only inserts of event items through. */
export function streamedEvent(record: DynamoDBRecord): StreamedEvent {
  const image = record.dynamodb?.NewImage ?? {};
  const { pk, sk, type, detail } = EventItem.parse(unmarshall(image as Parameters<typeof unmarshall>[0]));
  return { key: { pk, sk }, type, detail, sequence: record.dynamodb?.SequenceNumber ?? '' };
}

/** The batch response that names every event that is not done: Lambda delivers again from the lowest sequence number among them. */
export const retry = (failed: readonly StreamedEvent[]) => ({
  batchItemFailures: failed.map(({ sequence }) => ({ itemIdentifier: sequence })),
});
