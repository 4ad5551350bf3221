import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import * as z from 'zod/mini';
import { handler as project } from '../../functions/stream/project.ts';
import type { App } from '../../lib/core/app.ts';
import { jobKinds } from '../../lib/jobs/kinds.ts';
import { workOn } from '../../lib/jobs/work.ts';
import { dayListing } from '../../lib/table/keys.ts';

const Item = z.looseObject({ pk: z.string(), sk: z.string() });
export type EventItem = z.output<typeof Item>;

/** Messages to the queue of jobs; the test works on them itself. */
export function mockJobs() {
  const sqs = mockClient(SQSClient);
  const messages: { jobId: string; turn: number }[] = [];
  sqs.on(SendMessageBatchCommand).callsFake(({ Entries = [] }: { Entries?: { MessageBody?: string }[] }) => {
    messages.push(...Entries.map(({ MessageBody = '' }) => JSON.parse(MessageBody) as { jobId: string; turn: number }));
    return { Successful: [], Failed: [] };
  });
  /** Works on every job to its end. */
  const work = async (app: App) => {
    while (messages.length > 0) await Promise.all(messages.splice(0).map((message) => workOn(app, message, jobKinds)));
  };
  return { messages, work, restore: () => sqs.restore() };
}

/** Every event that was ever appended today and yesterday, oldest first. */
export async function allEvents({ table }: App): Promise<EventItem[]> {
  const days = [0, 1].map((ago) => new Date(Date.now() - ago * 86_400_000).toISOString());
  const found = await Promise.all(days.map((day) => table.all({ pk: dayListing(day), index: 'gsi1' }, Item)));
  return found.flat().toSorted((one, other) => (one.sk < other.sk ? -1 : 1));
}

/** One batch of the stream to the projector. @throws when it asks for the batch again */
export async function deliver(items: readonly EventItem[]): Promise<void> {
  const Records = items.map(
    (item, position) =>
      ({
        eventName: 'INSERT',
        eventSource: 'aws:dynamodb',
        dynamodb: { NewImage: marshall(item), SequenceNumber: `${position + 1}` },
      }) as DynamoDBRecord,
  );
  const { batchItemFailures } = await project({ Records } as DynamoDBStreamEvent);
  if (batchItemFailures.length > 0) throw new Error('the projector wants the batch again');
}
