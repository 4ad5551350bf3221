import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import type { QueueName } from '../core/operation.ts';
import { absent } from '../table/conditions.ts';
import { dueBucketKey, dueBucketPartition, dueBucketPrefix, dueKey, duePartition, dueShards } from '../table/keys.ts';
import { ConditionFailed, transactionLimit } from '../table/table.ts';
import type { Write } from '../table/write.ts';

/** What is to be done with due work: hand a message to a queue. */
export type DueMessage = {
  readonly queue: (typeof dueQueues)[number];
  readonly body: Readonly<Record<string, unknown>>;
};

const dueQueues = ['flow-steps', 'jobs', 'salesforce', 'list-checks', 'visits'] as const satisfies readonly QueueName[];
const minuteMs = 60_000;
const DueItem = z.object({
  pk: z.string(),
  sk: z.string(),
  /** The queues that due work may go to; the sweep has the right to send to these. */
  queue: z.enum(dueQueues),
  body: z.record(z.string(), z.unknown()),
});
const Bucket = z.object({ bucket: z.string() });

/** A bucket is swept when its minute begins, so work belongs to the first minute that begins at its time or later. */
function bucketOf(dueAt: string, id: string): string {
  const minute = new Date(Math.ceil(Date.parse(dueAt) / minuteMs) * minuteMs).toISOString().slice(0, 16);
  const shard = createHash('sha256').update(id).digest().readUInt32BE(0) % dueShards;
  return `${minute}#${shard}`;
}

const marked = new Set<string>();
const markedKept = 5000;

/**
 * The write that makes a message due at a time (it goes out within a minute after it); the bucket is listed before, so that no work is in
 * a bucket that the sweep does not see. The same id at the same time is the same work.
 */
export async function dueWrite(app: App, dueAt: string, id: string, { queue, body }: DueMessage): Promise<Write> {
  const bucket = bucketOf(dueAt, id);
  if (!marked.has(bucket)) await markBucket(app, bucket);
  return { put: { ...dueKey(bucket, id), entity: 'due', dueAt, queue, body } };
}

async function markBucket(app: App, bucket: string): Promise<void> {
  try {
    await app.table.commit([{ put: { ...dueBucketKey(bucket), entity: 'due-bucket', bucket }, when: absent }]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
  if (marked.size >= markedKept) marked.clear();
  marked.add(bucket);
}

/** A bucket stays listed this long after its minute, for work whose transaction took its time. */
const graceMs = 10 * minuteMs;
const perPage = 100;

type Send = (queue: QueueName, messages: readonly unknown[]) => Promise<void>;

/**
 * Sends everything that is due, then forgets it. It begins with the oldest bucket that is left, so an outage of any length is made up
 * for; a crash between the two sends some messages again, which changes nothing. Ends early at `until`; the next sweep goes on.
 */
export async function sweep(app: App, send: Send, until: () => boolean): Promise<number> {
  const now = app.now();
  const query = {
    pk: dueBucketPartition,
    from: dueBucketPrefix,
    to: `${dueBucketPrefix}${now.slice(0, 16)}#~`,
    limit: perPage,
  };
  let sent = 0;
  let startAfter: Record<string, unknown> | undefined;
  do {
    const page = await app.table.query({ ...query, ...(startAfter && { startAfter }) }, Bucket);
    for (const { bucket } of page.items) {
      if (until()) return sent;
      sent += await empty(app, bucket, send, until);
      if (until()) return sent;
      if (Date.parse(`${bucket.slice(0, 16)}Z`) + graceMs < Date.parse(now))
        await app.table.commit([{ remove: dueBucketKey(bucket) }]);
    }
    startAfter = page.lastKey;
  } while (startAfter);
  return sent;
}

async function empty(app: App, bucket: string, send: Send, until: () => boolean): Promise<number> {
  let sent = 0;
  while (!until()) {
    const { items } = await app.table.query({ pk: duePartition(bucket), limit: transactionLimit }, DueItem);
    if (items.length === 0) return sent;
    for (const [queue, messages] of Map.groupBy(items, (item) => item.queue)) {
      await send(
        queue,
        messages.map(({ body }) => body),
      );
    }
    await app.table.commit(items.map(({ pk, sk }) => ({ remove: { pk, sk } })));
    sent += items.length;
  }
  return sent;
}
