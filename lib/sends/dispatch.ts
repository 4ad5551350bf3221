import * as z from 'zod/mini';
import { send as enqueue } from '../aws/queue.ts';
import type { App } from '../core/app.ts';
import { defineJob } from '../jobs/kind.ts';
import { dispatchOf } from './control.ts';
import { commitChanges, listedRecipients, totalsOf } from './ledger.ts';
import { roomNow } from './pacing.ts';
import { cancelled, dutyOf, givenUp, type Recipient } from './recipient.ts';
import type { Send } from './schema.ts';
import { hasWork } from './send.ts';
import { findSend } from './send-store.ts';
import { mailSettings } from './settings.ts';
import { mayGoAt } from './working-hours.ts';

const rowsPerSlice = 200;

/** How many mails of a round went to the workers, and when the first of those that must wait may go. */
const Round = z.object({ brought: z.number(), soonest: z.optional(z.string()) });
type Round = z.output<typeof Round>;

/**
 * Goes through the mails of a send that are pending: brings them to the workers (again), or cancels them when the send is cancelled. It
 * comes again after a while until nothing is pending, so that no mail is forgotten, whatever became of its message.
 */
export const dispatchSend = defineJob({
  kind: 'send-dispatch',
  input: z.object({ sendId: z.string(), version: z.number() }),
  cursor: z.extend(Round, { after: z.string() }),
  slice: async (app, { input, cursor }) => {
    const send = await findSend(app, input.sendId);
    if (!send || send.version !== input.version || send.status === 'PAUSED') return { done: true, processed: 0 };
    const { rows, more } = await listedRecipients(app, send.id, 'PENDING', {
      after: cursor?.after,
      limit: rowsPerSlice,
    });
    const round = await attend(app, send, rows, cursor ?? { brought: 0 });
    const last = rows.at(-1);
    if (more && last) return { done: false, processed: rows.length, cursor: { ...round, after: last.contactId } };
    return { done: true, processed: rows.length, also: await followUp(app, send, round) };
  },
});

async function attend(app: App, send: Send, rows: readonly Recipient[], round: Round): Promise<Round> {
  if (send.status === 'CANCELLED') await callOff(app, send, rows);
  else return bring(app, send, rows, round);
  return round;
}

/** Brings those whose time has come to the workers, as many as the day has room for. */
async function bring(app: App, send: Send, rows: readonly Recipient[], round: Round): Promise<Round> {
  const now = Date.parse(app.now());
  const closedOn = new Set(send.businessHours ? (await mailSettings(app)).businessHours.closedOn : []);
  const room = await roomNow(app);
  const due: Recipient[] = [];
  let soonest = round.soonest;
  for (const row of rows) {
    const at = mayGoAt(send, row, { now, closedOn });
    const isFull = round.brought + due.length >= room.mails;
    if (at <= now && !isFull) due.push(row);
    else soonest = earlier(soonest, new Date(Math.max(at, isFull ? room.againAt : at)).toISOString());
  }
  await enqueue(
    'bulk-mail',
    due.map(({ contactId }) => ({ sendId: send.id, contactId })),
  );
  return { brought: round.brought + due.length, ...(soonest !== undefined && { soonest }) };
}

const earlier = (one: string | undefined, other: string) => (one !== undefined && one < other ? one : other);

async function callOff(app: App, { id, status }: Send, rows: readonly Recipient[]): Promise<void> {
  const now = app.now();
  const changes = rows.flatMap((row) => {
    const duty = dutyOf(row, { now: Date.parse(now), status: status as 'CANCELLED' });
    if (duty === 'CANCEL') return [cancelled(row, 'CANCELLED', now)];
    return duty === 'GIVE_UP' ? [givenUp(row, now)] : [];
  });
  await commitChanges(app, id, changes);
}

async function followUp(app: App, send: Send, round: Round) {
  const totals = await totalsOf(app, send.id);
  const isExpanding = send.status === 'CONFIRMED' && !send.expandedAt;
  return isExpanding || hasWork(totals)
    ? (await dispatchOf(app, send, followUpAt(app.now(), totals, round))).writes
    : [];
}

const soonestMs = 10 * 60_000;
/** A pace that even a small account of SES keeps, for guessing how long the rest takes. */
const mailsPerSecond = 10;

/**
 * When to look after what is pending: when those that were brought to the workers should long be done, and when the first of those that
 * wait may go. What waits costs nothing until then.
 */
export function followUpAt(
  now: string,
  { pending = 0 }: Readonly<Record<string, number>>,
  { brought, soonest }: Round,
): string {
  const underWay = Date.parse(now) + soonestMs + (Math.min(pending, brought) / mailsPerSecond) * 1000;
  if (soonest === undefined) return new Date(underWay).toISOString();
  const waiting = Math.max(Date.parse(soonest), Date.parse(now));
  return new Date(brought === 0 ? waiting : Math.min(underWay, waiting)).toISOString();
}
