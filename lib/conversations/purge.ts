import * as z from 'zod/mini';
import { deleteMailFile } from '../aws/mails.ts';
import type { App } from '../core/app.ts';
import { defineJob } from '../jobs/kind.ts';
import { announceJob, jobWrites } from '../jobs/store.ts';
import { eraseKind } from '../lifecycle/job-kinds.ts';
import { contactThreadKey, mailIdKey, threadKey, threadPartition } from '../table/inbox-keys.ts';
import type { Write } from '../table/write.ts';
import { emails } from './email-type.ts';
import { threadPurgeKind } from './job-kinds.ts';
import { Message } from './schema.ts';
import { comparable, findThread } from './store.ts';

const Row = z.looseObject({ pk: z.string(), sk: z.string() });
const rowsPerSlice = 20;

/**
 * Takes a thread away for good, with its mails as they came and their files. `archivedAt`: one that was restored since stays. `erase`: the
 * records of its mails are erased, too, because a person asked to be forgotten. A repeat finds less, or nothing.
 */
export const threadPurge = defineJob({
  kind: threadPurgeKind,
  input: z.object({ threadId: z.string(), archivedAt: z.optional(z.string()), erase: z.optional(z.boolean()) }),
  cursor: z.object({ rows: z.number() }),
  slice: async (app, { input: { threadId, archivedAt, erase = false }, cursor }) => {
    const thread = await findThread(app, threadId);
    if (archivedAt !== undefined && thread && thread.archivedAt !== archivedAt) return { done: true, processed: 0 };
    const { items } = await app.table.query({ pk: threadPartition(threadId), limit: rowsPerSlice }, Row);
    // The thread itself goes last: it is what a repeat knows the contact by.
    const others = items.filter(({ sk }) => sk !== threadKey(threadId).sk);
    for (const row of others) await purgeRow(app, row, erase);
    if (others.length > 0)
      return { done: false, processed: others.length, cursor: { rows: (cursor?.rows ?? 0) + others.length } };
    const writes: Write[] = [{ remove: threadKey(threadId) }];
    if (thread?.contactId !== undefined) writes.push({ remove: contactThreadKey(thread.contactId, threadId) });
    await app.table.commit(writes);
    return { done: true, processed: 1 };
  },
});

async function purgeRow(app: App, { pk, sk, ...row }: z.output<typeof Row>, erase: boolean): Promise<void> {
  const message = Message.safeParse(row).data;
  const keys = message ? [...message.files.map(({ key }) => key), ...(message.rawKey ? [message.rawKey] : [])] : [];
  for (const key of keys) await deleteMailFile(key);
  const mailId = message?.mailId;
  const refs = erase && message?.emailId !== undefined ? [{ objectType: emails, id: message.emailId }] : [];
  const record =
    refs.length > 0 ? await jobWrites(app, { kind: eraseKind, input: { refs, requested: true } }) : undefined;
  await app.table.commit([
    { remove: { pk, sk } },
    ...(mailId === undefined ? [] : [{ remove: mailIdKey(comparable(mailId)) }]),
    ...(record?.writes ?? []),
  ]);
  if (record) await announceJob(record.job);
}
