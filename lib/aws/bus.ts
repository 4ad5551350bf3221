import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { environment } from '../core/environment.ts';

const client = new EventBridgeClient({
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
});

/** Sends up to 10 entries to our bus; returns the positions that EventBridge refused, which alone must be sent again. */
export async function putEvents(entries: readonly Omit<PutEventsRequestEntry, 'EventBusName'>[]): Promise<number[]> {
  const EventBusName = environment('BUS_NAME');
  const answer = await client.send(
    new PutEventsCommand({ Entries: entries.map((entry) => ({ ...entry, EventBusName })) }),
  );
  return (answer.Entries ?? []).flatMap((entry, position) => (entry.ErrorCode ? [position] : []));
}
