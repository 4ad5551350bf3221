import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { App } from '../core/app.ts';
import { absent } from '../table/conditions.ts';
import { dueBucketKey, dueBucketPartition, dueBucketPrefix, dueKey, duePartition, dueShards } from '../table/keys.ts';
import { ConditionFailed, transactionLimit } from '../table/table.ts';
import type { Write } from '../table/write.ts';

/** What is to be done with due work: hand it to a queue. */
type DueMessage = { readonly flowId: string; readonly runId: string };

const minuteMs = 60_000;
const DueItem = z.object({
  pk: z.string(),
  sk: z.string(),
  message: z.object({ flowId: z.string(), runId: z.string() }),
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

/** The write that makes a message due at a time; the bucket is listed before, so that no work is in a bucket that the sweep does not see. */
export async function dueWrite(app: App, dueAt: string, id: string, message: DueMessage): Promise<Write> {
  const bucket = bucketOf(dueAt, id);
  if (!marked.has(bucket)) await markBucket(app, bucket);
  return { put: { ...dueKey(bucket, id), entity: 'due', dueAt, message } };
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

/**
 * Sends everything that is due, then forgets it. It begins with the oldest bucket that is left, so an outage of any length is made up
 * for; a crash between the two sends some messages again, which changes nothing. Ends early at `until`; the next sweep goes on.
 */
export async function sweep(
  app: App,
  send: (messages: readonly DueMessage[]) => Promise<void>,
  until: () => boolean,
): Promise<number> {
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

async function empty(
  app: App,
  bucket: string,
  send: (messages: readonly DueMessage[]) => Promise<void>,
  until: () => boolean,
): Promise<number> {
  let sent = 0;
  while (!until()) {
    const { items } = await app.table.query({ pk: duePartition(bucket), limit: transactionLimit }, DueItem);
    if (items.length === 0) return sent;
    await send(items.map(({ message }) => message));
    await app.table.commit(items.map(({ pk, sk }) => ({ remove: { pk, sk } })));
    sent += items.length;
  }
  return sent;
}
