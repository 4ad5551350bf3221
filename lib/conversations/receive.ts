import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { MessageReceived } from '../../events/conversation.ts';
import { mailBucket, readRawMail } from '../aws/mails.ts';
import { type App, envelopeOf } from '../core/app.ts';
import { bounceOf } from '../inbound/automatic.ts';
import { contend, StaleRead } from '../table/contention.ts';
import { appendEvent } from '../table/event-log.ts';
import { takenMailKey } from '../table/inbox-keys.ts';
import { type RecordRef, rateKey } from '../table/keys.ts';
import { AlreadyDone, PreconditionFailed } from '../table/once.ts';
import type { Write } from '../table/write.ts';
import { type Arrival, arrivalOf, isFromUs, shownOf, storeFiles } from './arrival.ts';
import { writeEmailRecord } from './email-record.ts';
import { emails } from './email-type.ts';
import { inboxOf, listInboxes } from './inboxes.ts';
import { aliveOf, dealsOf, knownMail, senderContact } from './matching.ts';
import type { Inbox, Message, StoredMailFile, Thread } from './schema.ts';
import { settleBounce } from './settle.ts';
import { findThread, mailIdWrite, messageWrite, threadWrites, withMessage } from './store.ts';

/** An object that was put into a bucket, as EventBridge tells it. */
export const ObjectCreated = z.object({
  detail: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string() }) }),
});
export type ObjectCreated = z.output<typeof ObjectCreated>;

const contacts = '0-1';
/** More mails of one address within an hour start nothing any more: no flow, no reopening. */
const mostAnHour = 60;

/**
 * Takes in a mail that lies in the bucket: its message, its record with associations, its thread and the event are one transaction. Comes an
 * event twice, or a mail, it is one message. Whatever is in the mail, it is shown or at least kept as it came.
 */
export async function receiveMail(app: App, { detail }: ObjectCreated): Promise<void> {
  const key = decodeURIComponent(detail.object.key.replaceAll('+', ' '));
  if (detail.bucket.name !== mailBucket() || !key.startsWith('inbound/')) return;
  const raw = await readRawMail(key);
  if (!raw) return;
  const arrival = arrivalOf(raw, key);
  if (await app.table.get(takenMailKey(arrival.fingerprint), z.object({}))) return;
  const known = arrival.mail.messageId === undefined ? undefined : await knownMail(app, [arrival.mail.messageId]);
  // Our own mail came back to us.
  if (known?.direction === 'OUTGOING') return;
  const intake = await intakeOf(app, arrival);
  if (arrival.automatic === 'BOUNCE') await settleBounces(app, arrival);
  await takeIn(app, intake);
}

type Intake = {
  readonly arrival: Arrival;
  readonly inbox: Inbox;
  readonly files: readonly StoredMailFile[];
  readonly contactId: string | undefined;
  /** It reopens nothing, starts nothing and makes no contact. */
  readonly isQuiet: boolean;
};

async function intakeOf(app: App, arrival: Arrival): Promise<Intake> {
  const { mail, automatic, isSpam, hasVirus } = arrival;
  const inbox = await inboxOf(
    app,
    [...mail.to, ...mail.cc].map(({ address }) => address),
  );
  const own = (await listInboxes(app)).map(({ address }) => address);
  const isQuiet =
    automatic !== undefined ||
    isSpam ||
    hasVirus ||
    isFromUs(arrival, own) ||
    (await comesTooOften(app, mail.from?.address));
  const asked = isQuiet ? { ...inbox, createContacts: false } : inbox;
  const contactId = mail.from && !isSpam ? await senderContact(app, mail.from, asked) : undefined;
  return { arrival, inbox, files: await storeFiles(arrival), contactId, isQuiet };
}

async function comesTooOften(app: App, address = ''): Promise<boolean> {
  const hour = app.now().slice(0, 13);
  const sender = createHash('sha256').update(address).digest('hex').slice(0, 32);
  const expiresAt = Math.floor(Date.parse(app.now()) / 1000) + 7200;
  return (await app.table.count(rateKey(`inbound#${sender}`, hour), expiresAt)) > mostAnHour;
}

async function settleBounces(app: App, { mail }: Arrival): Promise<void> {
  const { messageIds, reason } = bounceOf(mail);
  const bounced = await knownMail(app, messageIds);
  if (bounced?.direction === 'OUTGOING') await settleBounce(app, bounced, reason);
}

async function takeIn(app: App, intake: Intake): Promise<void> {
  try {
    await contend(async () => {
      try {
        await takeInOnce(app, intake);
      } catch (error) {
        throw error instanceof PreconditionFailed ? new StaleRead('The thread was changed meanwhile') : error;
      }
    });
  } catch (error) {
    if (!(error instanceof AlreadyDone)) throw error;
  }
}

async function takeInOnce(app: App, intake: Intake): Promise<void> {
  const { arrival, contactId, isQuiet } = intake;
  const { mail } = arrival;
  const answered = await knownMail(app, answeredBy(arrival));
  const before = answered && (await findThread(app, answered.threadId));
  const message = messageOf(app, intake, before, answered?.messageId);
  const thread = before ?? newThread(app, intake, message);
  const hasDeal = thread.associations.some(({ objectType }) => objectType === '0-3');
  const found =
    hasDeal || arrival.isSpam ? [] : await dealsOf(app, { subject: mail.subject, text: message.text, contactId });
  const after = withMessage(thread, message, {
    ...(before && !isQuiet && { status: 'OPEN' as const, closedAt: undefined, archivedAt: undefined }),
    ...(thread.contactId === undefined && contactId !== undefined && { contactId }),
    associations: [...thread.associations, ...found],
  });
  const parties = [contactId, after.contactId].flatMap((id) =>
    id === undefined ? [] : [{ objectType: contacts, id }],
  );
  await writeEmailRecord(
    isQuiet ? { ...app, suppressFlows: true } : app,
    message,
    {
      associations: await aliveOf(app, [...parties, ...after.associations]),
      once: () => ({
        ...takenMailKey(arrival.fingerprint),
        entity: 'taken-mail',
        threadId: after.id,
        messageId: message.id,
      }),
      also: () => writesOf(app, { before, after, message, intake }),
    },
    { lenient: true },
  );
}

/** The messages that a mail may answer; a bounce answers what did not arrive. */
const answeredBy = ({ mail, automatic }: Arrival): readonly string[] =>
  automatic === 'BOUNCE' ? [...bounceOf(mail).messageIds, ...mail.references] : mail.references;

type Change = {
  readonly before: Thread | undefined;
  readonly after: Thread;
  readonly message: Message & { readonly emailId: string };
  readonly intake: Intake;
};

function writesOf(app: App, { before, after, message, intake: { contactId, isQuiet } }: Change): Write[] {
  const about: RecordRef =
    contactId === undefined ? { objectType: emails, id: message.emailId } : { objectType: contacts, id: contactId };
  const { threadId, id: messageId, emailId } = message;
  const event = MessageReceived.of({
    ...envelopeOf(app, about),
    ...{ threadId, messageId, emailId, inboxId: after.inboxId, subject: after.subject, isReply: before !== undefined },
  });
  return [
    ...threadWrites(before, after),
    messageWrite(message),
    ...(message.mailId === undefined ? [] : [mailIdWrite(message.mailId, message)]),
    ...(isQuiet ? [] : [appendEvent(event)]),
  ];
}

function messageOf(app: App, intake: Intake, thread: Thread | undefined, inReplyToId: string | undefined) {
  const { arrival, files, contactId } = intake;
  const { mail, automatic, rawKey } = arrival;
  const { from, replyTo } = mail;
  return {
    id: app.newEventId(),
    emailId: app.newId(),
    threadId: thread?.id ?? app.newId(),
    type: 'MESSAGE' as const,
    direction: 'INCOMING' as const,
    createdAt: app.now(),
    createdBy: contactId === undefined ? `E-${from?.address ?? 'unknown'}` : `V-${contactId}`,
    ...(from && { from: { ...from } }),
    ...(replyTo && replyTo.address !== from?.address && { replyTo: { ...replyTo } }),
    to: [...mail.to],
    cc: [...mail.cc],
    subject: mail.subject,
    ...shownOf(arrival),
    files: [...files],
    filesLeftOut: mail.filesLeftOut + (arrival.hasVirus ? mail.files.length : 0),
    state: 'RECEIVED' as const,
    ...(mail.date !== undefined && { sentAt: mail.date }),
    ...(mail.messageId !== undefined && { mailId: mail.messageId }),
    references: [...mail.references].reverse(),
    rawKey,
    charset: mail.charset,
    ...(automatic && { automatic }),
    ...(inReplyToId !== undefined && { inReplyToId }),
  };
}

/** What nobody wrote, and what is spam, waits for nobody. */
function newThread(app: App, { inbox, arrival, contactId }: Intake, message: Message): Thread {
  const { automatic, isSpam, hasVirus, mail } = arrival;
  const isClosed = isSpam || hasVirus || automatic === 'BOUNCE' || automatic === 'AUTO_REPLY';
  return {
    id: message.threadId,
    inboxId: inbox.id,
    status: isClosed ? 'CLOSED' : 'OPEN',
    subject: mail.subject,
    createdAt: message.createdAt,
    updatedAt: message.createdAt,
    ...(isClosed && { closedAt: app.now() }),
    latestMessageAt: message.createdAt,
    spam: isSpam || hasVirus,
    ...(contactId !== undefined && { contactId }),
    associations: [],
    version: 0,
  };
}
