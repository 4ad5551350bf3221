import * as z from 'zod/mini';
import { send as enqueue } from '../aws/queue.ts';
import type { App } from '../core/app.ts';
import { defineJob } from '../jobs/kind.ts';
import { dispatchOf } from './control.ts';
import { commitChanges, listedRecipients, totalsOf } from './ledger.ts';
import { cancelled, dutyOf, givenUp, type Recipient } from './recipient.ts';
import type { Send } from './schema.ts';
import { hasWork } from './send.ts';
import { findSend } from './send-store.ts';

const rowsPerSlice = 200;

/**
 * Goes through the mails of a send that are pending: brings them to the workers (again), or cancels them when the send is cancelled. It
 * comes again after a while until nothing is pending, so that no mail is forgotten, whatever became of its message.
 */
export const dispatchSend = defineJob({
  kind: 'send-dispatch',
  input: z.object({ sendId: z.string(), version: z.number() }),
  cursor: z.object({ after: z.string() }),
  slice: async (app, { input, cursor }) => {
    const send = await findSend(app, input.sendId);
    if (!send || send.version !== input.version || send.status === 'PAUSED') return { done: true, processed: 0 };
    const { rows, more } = await listedRecipients(app, send.id, 'PENDING', {
      after: cursor?.after,
      limit: rowsPerSlice,
    });
    await attend(app, send, rows);
    const last = rows.at(-1);
    if (more && last) return { done: false, processed: rows.length, cursor: { after: last.contactId } };
    return { done: true, processed: rows.length, also: await followUp(app, send) };
  },
});

async function attend(app: App, send: Send, rows: readonly Recipient[]): Promise<void> {
  const { id, status } = send;
  if (status !== 'CANCELLED')
    return enqueue(
      'bulk-mail',
      rows.map(({ contactId }) => ({ sendId: id, contactId })),
    );
  const now = app.now();
  const changes = rows.flatMap((row) => {
    const duty = dutyOf(row, { now: Date.parse(now), status });
    if (duty === 'CANCEL') return [cancelled(row, 'CANCELLED', now)];
    return duty === 'GIVE_UP' ? [givenUp(row, now)] : [];
  });
  await commitChanges(app, id, changes);
}

async function followUp(app: App, send: Send) {
  const totals = await totalsOf(app, send.id);
  const isExpanding = send.status === 'CONFIRMED' && !send.expandedAt;
  return isExpanding || hasWork(totals) ? (await dispatchOf(app, send, followUpAt(app.now(), totals))).writes : [];
}

const soonestMs = 10 * 60_000;
/** A pace that even a small account of SES keeps, for guessing how long the rest takes. */
const mailsPerSecond = 10;

/** When to look after what is pending: when it should long be done. */
export const followUpAt = (now: string, { pending = 0 }: Readonly<Record<string, number>>): string =>
  new Date(Date.parse(now) + soonestMs + (pending / mailsPerSecond) * 1000).toISOString();
