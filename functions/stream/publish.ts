import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { putEvents } from '../../lib/aws/bus.ts';
import { logRetry } from '../../lib/core/log.ts';
import { calls, entryOf } from '../../lib/stream/entry.ts';
import { retry, type StreamedEvent, streamedEvent } from '../../lib/stream/event-record.ts';
import { pause } from '../../lib/table/contention.ts';

type Outgoing = { readonly event: StreamedEvent; readonly entry: ReturnType<typeof entryOf> };

const tries = 4;

/** Sends the batch; entries that EventBridge refuses are sent again alone. What still fails comes back with the stream. */
export const handler = async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
  const events = Records.map(streamedEvent);
  const outgoing = events.map((event) => ({ event, entry: entryOf(event) }));
  const groups = calls(outgoing);
  for (const [position, group] of groups.entries()) {
    const left = await sendGroup(group);
    // What comes after a failure waits for it, so that a record's events go out in their order.
    const undone = left.length > 0 ? [...left, ...groups.slice(position + 1).flat()] : [];
    if (undone.length > 0)
      return retry(
        events,
        undone.map(({ event }) => event),
      );
  }
  return retry(events, []);
};

/** What of the group could not be sent. */
async function sendGroup(group: readonly Outgoing[]): Promise<readonly Outgoing[]> {
  let left = group;
  for (let attempt = 0; left.length > 0 && attempt < tries; attempt += 1) {
    if (attempt > 0) await pause(attempt);
    left = await sendOnce(left);
  }
  return left;
}

async function sendOnce(group: readonly Outgoing[]): Promise<readonly Outgoing[]> {
  try {
    const refused = await putEvents(group.map(({ entry }) => entry));
    return group.filter((_, position) => refused.includes(position));
  } catch (error) {
    logRetry(error, { function: 'stream/publish' });
    return group;
  }
}
