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

/** A batch made no way: Lambda halves it when the function fails. */
class NoProgress extends Error {
  override readonly name = 'NoProgress';
}

/**
 * The batch response that names every event that is not done: Lambda delivers again from the lowest sequence number among them. A batch
 * that is reported from its first event on would come again whole, until all of it is given up: only one whose function fails is halved.
 * So that an event which cannot be handled ends in the dead-letter queue alone, the function fails then. @throws NoProgress
 */
export function retry(batch: readonly StreamedEvent[], failed: readonly StreamedEvent[]) {
  const [first, second] = batch;
  if (first && second && failed.includes(first)) throw new NoProgress('The first event of the batch is not done');
  return { batchItemFailures: failed.map(({ sequence }) => ({ itemIdentifier: sequence })) };
}
