import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod/mini';
import { sendBulkMail } from '../aws/mail.ts';
import type { App } from '../core/app.ts';
import { NotYet } from '../core/consume.ts';
import { inParallel } from '../table/in-parallel.ts';
import { type Content, contentOf } from './content.ts';
import { type Facts, factsOf, obstacleOf } from './delivery-facts.ts';
import { commitChanges, recipientsOf } from './ledger.ts';
import { passOn } from './merged.ts';
import { type Grant, horizonMs } from './pace.ts';
import { reserve, slowDown } from './pacing.ts';
import { type Change, cancelled, claimed, dutyOf, givenUp, type Recipient, settled } from './recipient.ts';
import type { Send } from './schema.ts';
import { findSend } from './send-store.ts';
import { mailSettings } from './settings.ts';
import { together } from './together.ts';
import { mayGoAt } from './working-hours.ts';

/** One mail to one contact, to be sent if the ledger says that it still is. */
export const MailOrder = z.object({ sendId: z.string(), contactId: z.string() });
type MailOrder = z.output<typeof MailOrder>;

/** For each contact of a send: why its message must come again; nothing when it is done with. */
type Outcomes = Map<string, Error | undefined>;

const callsAtOnce = 10;

/**
 * Sends the mails of a batch of messages, each once however often its message comes. The ledger row is claimed before SES is called; a
 * mail of an unknown fate is not sent again. Returns for each message why it must come again.
 */
export async function deliver(app: App, orders: readonly MailOrder[]): Promise<(Error | undefined)[]> {
  const bySend = Map.groupBy(orders, ({ sendId }) => sendId);
  const outcomes = new Map<string, Outcomes>();
  for (const [sendId, some] of bySend) {
    const contactIds = [...new Set(some.map(({ contactId }) => contactId))];
    outcomes.set(sendId, await deliverOf(app, sendId, contactIds));
  }
  return orders.map(({ sendId, contactId }) => outcomes.get(sendId)?.get(contactId));
}

async function deliverOf(app: App, sendId: string, contactIds: readonly string[]): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  const [send, rows] = await Promise.all([findSend(app, sendId), recipientsOf(app, sendId, contactIds)]);
  // A draft has no recipients, so that its status is not asked for.
  if (!send || send.status === 'DRAFT') return outcomes;
  const now = app.now();
  const at = { now: Date.parse(now), status: send.status };
  const ready: Recipient[] = [];
  const decided: Change[] = [];
  for (const row of rows) {
    const duty = dutyOf(row, at);
    if (duty === 'SEND') ready.push(row);
    else if (duty === 'WAIT') outcomes.set(row.contactId, new NotYet('Another worker is sending it', row.leaseUntil));
    else if (duty === 'GIVE_UP') decided.push(givenUp(row, now));
    else if (duty === 'CANCEL') decided.push(cancelled(row, 'CANCELLED', now));
  }
  await commitChanges(app, sendId, decided);
  const due = await dueNow(app, send, ready);
  if (due.length > 0) await sendPaced(app, send, due, outcomes);
  return outcomes;
}

/** Those whose time has come. The others' messages are let go of: `send-dispatch` brings them when it has. */
async function dueNow(app: App, send: Send, rows: readonly Recipient[]): Promise<readonly Recipient[]> {
  const now = Date.parse(app.now());
  if (!send.businessHours) return rows.filter((row) => mayGoAt(send, row, { now, closedOn: new Set() }) <= now);
  const closedOn = new Set((await mailSettings(app)).businessHours.closedOn);
  return rows.filter((row) => mayGoAt(send, row, { now, closedOn }) <= now);
}

/** Sends as many as the pace allows within a few seconds; the others' messages come again when it is their time. */
async function sendPaced(app: App, send: Send, ready: readonly Recipient[], outcomes: Outcomes): Promise<void> {
  const content = await contentOf(app, send);
  if (content.closed) return void (await withdraw(app, send, ready, content.closed));
  const { times, askAgainAt } = await patientlyReserve(app, ready.length);
  // What waits for another day is brought by `send-dispatch`: a message would only come again and again.
  if (!isFar(askAgainAt))
    for (const { contactId } of ready.slice(times.length))
      outcomes.set(contactId, new NotYet('It is not its turn yet', askAgainAt));
  const turn = ready.slice(0, times.length);
  if (turn.length === 0) return;
  await until(times[0] ?? 0);
  const [facts, still] = await Promise.all([factsOf(app, send, { content, rows: turn }), findSend(app, send.id)]);
  // Paused or cancelled while we waited: the slots pass unused, and the rows stay for the next one that comes by.
  if (still?.status !== 'CONFIRMED') return;
  const commit = together((changes: readonly Change[]) => commitChanges(app, send.id, changes));
  await inParallel(turn, callsAtOnce, async (row, position) => {
    await until(times[position] ?? 0);
    outcomes.set(row.contactId, await sendOne({ app, send, content, facts, commit }, row));
  });
}

/** Who finds the line full waits once for the next slots: a message that went back at once would only come again and again. */
async function patientlyReserve(app: App, wanted: number): Promise<Grant> {
  const grant = await reserve(app, wanted);
  if (grant.times.length > 0 || isFar(grant.askAgainAt)) return grant;
  await until(grant.askAgainAt);
  return reserve(app, wanted);
}

const isFar = (moment: number) => moment > Date.now() + horizonMs;

const until = (moment: number) => wait(Math.max(0, moment - Date.now()));

const withdraw = (app: App, send: Send, rows: readonly Recipient[], reason: string) =>
  commitChanges(
    app,
    send.id,
    rows.map((row) => cancelled(row, reason, app.now())),
  );

type Batch = {
  readonly app: App;
  readonly send: Send;
  readonly content: Content;
  readonly facts: Facts;
  /** True when the change holds; false when the row was changed meanwhile. */
  readonly commit: (change: Change) => Promise<boolean>;
};

async function sendOne({ app, send, content, facts, commit }: Batch, row: Recipient): Promise<Error | undefined> {
  try {
    const contact = facts.contacts.get(row.contactId);
    if (contact?.mergedInto !== undefined) return await passOn(app, { send, content }, row, contact.mergedInto);
    const obstacle = obstacleOf(facts, row);
    if (obstacle || !contact) return void (await commit(cancelled(row, obstacle ?? 'NO_CONTACT', app.now())));
    const composed = await facts.prepared.compose(row, contact);
    if ('missing' in composed) return void (await commit(cancelled(row, 'MISSING_TOKEN', app.now())));
    const claim = claimed(row, app.now());
    // Somebody else has it, or it is settled: their message sees to it.
    if (!(await commit(claim))) return undefined;
    const outcome = await sendBulkMail(composed.raw, row.email);
    await commit(settled(claim.after, outcome, app.now()));
    if (outcome.state !== 'RETRY') return undefined;
    await slowDown(app, outcome.reason);
    return new NotYet(outcome.reason);
  } catch (error) {
    return error instanceof Error ? error : new Error('The mail could not be sent');
  }
}
