import { ChangeMessageVisibilityCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { environment } from '../core/environment.ts';
import type { QueueName } from '../core/operation.ts';
import { pause } from '../table/contention.ts';

const client = new SQSClient({
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
});
const perCall = 10;
const tries = 6;

const urlOf = (queue: QueueName) => environment(`QUEUE_${queue.toUpperCase().replaceAll('-', '_')}_URL`);

/** Sends the messages as JSON. Returns when SQS has all of them; a message may arrive twice. `delaySeconds` is at most 900. */
export async function send(queue: QueueName, messages: readonly unknown[], delaySeconds = 0): Promise<void> {
  for (let start = 0; start < messages.length; start += perCall) {
    await sendAll(urlOf(queue), messages.slice(start, start + perCall), delaySeconds);
  }
}

async function sendAll(QueueUrl: string, messages: readonly unknown[], DelaySeconds: number): Promise<void> {
  let left = messages.map((message, position) => ({
    Id: String(position),
    MessageBody: JSON.stringify(message),
    DelaySeconds,
  }));
  for (let attempt = 0; left.length > 0; attempt += 1) {
    if (attempt === tries) throw Object.assign(new Error('SQS refused messages'), { name: 'ServiceUnavailable' });
    if (attempt > 0) await pause(attempt);
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries: left }));
    const refused = new Set(Failed.map(({ Id }) => Id));
    left = left.filter(({ Id }) => refused.has(Id));
  }
}

/** Lets a message that was received come back after so many seconds, instead of the queue's usual time. */
export async function hold(queue: QueueName, ReceiptHandle: string, VisibilityTimeout: number): Promise<void> {
  await client.send(new ChangeMessageVisibilityCommand({ QueueUrl: urlOf(queue), ReceiptHandle, VisibilityTimeout }));
}
