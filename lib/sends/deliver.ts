import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod/mini';
import { sendRawMail } from '../aws/mail.ts';
import type { App } from '../core/app.ts';
import { NotYet } from '../core/consume.ts';
import { CrmRecord } from '../objects/record.ts';
import { type Barrier, barriersOf } from '../subscriptions/store.ts';
import { isOpen, type StoredSurvey } from '../surveys/schema.ts';
import { findSurvey } from '../surveys/store.ts';
import { inParallel } from '../table/in-parallel.ts';
import { recordKey } from '../table/keys.ts';
import { contentOf } from './content.ts';
import { commitChanges, recipientsOf } from './ledger.ts';
import { type Grant, horizonMs } from './pace.ts';
import { reserve, slowDown } from './pacing.ts';
import { type Change, cancelled, claimed, dutyOf, givenUp, type Recipient, settled } from './recipient.ts';
import type { Send } from './schema.ts';
import { findSend } from './send-store.ts';
import { together } from './together.ts';

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
  if (ready.length > 0) await sendPaced(app, send, ready, outcomes);
  return outcomes;
}

/** Sends as many as the pace allows within a few seconds; the others' messages come again when it is their time. */
async function sendPaced(app: App, send: Send, ready: readonly Recipient[], outcomes: Outcomes): Promise<void> {
  const survey = send.surveyId === undefined ? undefined : await findSurvey(app, send.surveyId);
  // An invitation to what takes no answers any more helps nobody.
  if (!survey || !isOpen(survey, app.now())) return void (await withdraw(app, send, ready, 'SURVEY_CLOSED'));
  const { times, askAgainAt } = await patientlyReserve(app, ready.length);
  for (const { contactId } of ready.slice(times.length))
    outcomes.set(contactId, new NotYet('It is not its turn yet', askAgainAt));
  const turn = ready.slice(0, times.length);
  if (turn.length === 0) return;
  await until(times[0] ?? 0);
  const [facts, still] = await Promise.all([factsOf(app, send, turn), findSend(app, send.id)]);
  // Paused or cancelled while we waited: the slots pass unused, and the rows stay for the next one that comes by.
  if (still?.status !== 'CONFIRMED') return;
  const commit = together((changes: readonly Change[]) => commitChanges(app, send.id, changes));
  await inParallel(turn, callsAtOnce, async (row, position) => {
    await until(times[position] ?? 0);
    outcomes.set(row.contactId, await sendOne({ app, send, survey, facts, commit }, row));
  });
}

/** Who finds the line full waits once for the next slots: a message that went back at once would only come again and again. */
async function patientlyReserve(app: App, wanted: number): Promise<Grant> {
  const grant = await reserve(app, wanted);
  if (grant.times.length > 0 || grant.askAgainAt > Date.now() + horizonMs) return grant;
  await until(grant.askAgainAt);
  return reserve(app, wanted);
}

const until = (moment: number) => wait(Math.max(0, moment - Date.now()));

const withdraw = (app: App, send: Send, rows: readonly Recipient[], reason: string) =>
  commitChanges(
    app,
    send.id,
    rows.map((row) => cancelled(row, reason, app.now())),
  );

type Facts = {
  readonly contacts: ReadonlyMap<string, CrmRecord>;
  readonly barriers: ReadonlyMap<string, Barrier>;
};

/** Read when the batch's turn has come: what somebody chose seconds ago counts. */
async function factsOf(app: App, { subscriptionTypeId }: Send, rows: readonly Recipient[]): Promise<Facts> {
  const [contacts, barriers] = await Promise.all([
    app.table.getMany(
      rows.map(({ contactId }) => recordKey({ objectType: '0-1', id: contactId })),
      CrmRecord,
    ),
    barriersOf(
      app,
      subscriptionTypeId,
      rows.map(({ email }) => email),
    ),
  ]);
  return { contacts: new Map(contacts.map((contact) => [contact.id, contact])), barriers };
}

type Batch = {
  readonly app: App;
  readonly send: Send;
  readonly survey: StoredSurvey;
  readonly facts: Facts;
  /** True when the change holds; false when the row was changed meanwhile. */
  readonly commit: (change: Change) => Promise<boolean>;
};

async function sendOne({ app, send, survey, facts, commit }: Batch, row: Recipient): Promise<Error | undefined> {
  try {
    const contact = facts.contacts.get(row.contactId);
    const barrier = !contact || contact.archivedAt ? 'NO_CONTACT' : facts.barriers.get(row.email);
    if (barrier || !contact) return void (await commit(cancelled(row, barrier ?? 'NO_CONTACT', app.now())));
    const raw = await contentOf(send, survey, { row, contact, now: app.now() });
    const claim = claimed(row, app.now());
    // Somebody else has it, or it is settled: their message sees to it.
    if (!(await commit(claim))) return undefined;
    const outcome = await sendRawMail(raw, [row.email]);
    await commit(settled(claim.after, outcome, app.now()));
    if (outcome.state !== 'RETRY') return undefined;
    await slowDown(app, outcome.reason);
    return new NotYet(outcome.reason);
  } catch (error) {
    return error instanceof Error ? error : new Error('The mail could not be sent');
  }
}
