import { EmailBounced } from '../../events/email.ts';
import { type App, envelopeOf } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { type SesEvent, type Settlement, settlementOf, troubleOf } from '../mail/ses-event.ts';
import { updateRecord } from '../objects/store.ts';
import { troubleSteps } from '../subscriptions/trouble.ts';
import { absent, present } from '../table/conditions.ts';
import { appendEvent } from '../table/event-log.ts';
import { threadMessageKey, threadToldKey } from '../table/inbox-keys.ts';
import { AlreadyDone, type Mark } from '../table/once.ts';
import { alsoStep, commitOrThrow, onceStep } from '../table/steps.ts';
import type { Write } from '../table/write.ts';
import { emails } from './email-type.ts';
import type { KnownMail } from './matching.ts';
import type { Message } from './schema.ts';
import { findMessage, mailIdWrite } from './store.ts';

/** The message of a thread that an event of SES is about; each of our mails carries both tags. */
export function threadMessageOf({ detail }: SesEvent): { threadId: string; messageId: string } | undefined {
  const { thread: [threadId] = [], reply: [messageId] = [] } = detail.mail.tags ?? {};
  return threadId && messageId ? { threadId, messageId } : undefined;
}

type Told = { readonly status?: string | undefined; readonly once?: Mark; readonly writes: readonly Write[] };

/** Writes what became of a message, with the status of its record; a record that is no more keeps nothing from being written down. */
export async function tellMessage(app: App, { emailId }: Message, { status, once, writes }: Told): Promise<void> {
  const change: Record<string, string> = status === undefined ? {} : { hs_email_status: status };
  try {
    if (emailId === undefined) throw new CrmError('OBJECT_NOT_FOUND', 'The message has no record');
    await updateRecord(app, emails, { id: emailId }, change, { ...(once && { once: () => once }), also: () => writes });
  } catch (error) {
    if (!(error instanceof CrmError) || error.category !== 'OBJECT_NOT_FOUND') throw error;
    await commitOrThrow(app.table, [...(once ? [onceStep(once, absent)] : []), ...writes.map(alsoStep)]);
  }
}

/**
 * Writes down what SES told of a message: on the message, on the record of the mail and in that record's log, each event of SES once.
 * Whatever it reports proves that it took the mail, so that a message of unknown outcome is settled here.
 */
export async function settleThreadMessage(
  app: App,
  { threadId, messageId }: { readonly threadId: string; readonly messageId: string },
  event: SesEvent,
): Promise<void> {
  const settlement = settlementOf(event);
  const message = settlement && (await findMessage(app, threadId, messageId));
  if (!settlement || !message) return;
  const bad = troubleOf(event);
  const noted = bad ? await troubleSteps(app, bad.addresses, bad.trouble) : [];
  const once = { ...threadToldKey(threadId, messageId, event.id), entity: 'thread-told', type: event.detail.eventType };
  try {
    await tellMessage(app, message, {
      status: recordStatus(message, settlement),
      once,
      writes: [...writesOf(app, message, event, settlement), ...noted.map(({ write }) => write)],
    });
  } catch (error) {
    if (!(error instanceof AlreadyDone)) throw error;
  }
}

/** A mail that came back, or was refused, stays so when the news of its sending comes late. */
const failed = (message: Message) => message.state === 'FAILED';

function recordStatus(message: Message, { event, state, moment }: Settlement): string | undefined {
  if (event === EmailBounced) return state === 'FAILED' ? 'FAILED' : 'BOUNCED';
  return failed(message) || (moment !== 'sentAt' && moment !== 'deliveredAt') ? undefined : 'SENT';
}

function writesOf(app: App, message: Message, { detail, time }: SesEvent, settlement: Settlement): Write[] {
  const { event, moment, reason } = settlement;
  const isBounce = event === EmailBounced;
  const sesId = detail.mail.messageId;
  const shown = ['sentAt', 'deliveredAt', 'bouncedAt'].includes(moment) ? { [moment]: time } : {};
  return [
    {
      update: threadMessageKey(message.threadId, message.id),
      set: {
        ...shown,
        state: isBounce || failed(message) ? 'FAILED' : 'SENT',
        updatedAt: app.now(),
        ...(isBounce && { reason: reason ?? 'Bounced' }),
      },
      when: present,
    },
    ...(sesId === undefined ? [] : [mailIdWrite(sesId, message)]),
    ...(message.emailId === undefined
      ? []
      : [
          appendEvent(
            event.of({ ...envelopeOf(app, { objectType: emails, id: message.emailId }), ...factsOf(message, reason) }),
          ),
        ]),
  ];
}

const factsOf = ({ id, to }: Message, reason: string | undefined) => ({
  messageKey: id,
  to: to.map(({ address }) => address).join(', '),
  ...(reason !== undefined && { reason }),
});

/** A server told by a mail of its own that a message did not arrive. */
export async function settleBounce(app: App, { threadId, messageId }: KnownMail, reason: string): Promise<void> {
  const message = await findMessage(app, threadId, messageId);
  if (!message || failed(message)) return;
  const { emailId } = message;
  const told =
    emailId &&
    EmailBounced.of({ ...envelopeOf(app, { objectType: emails, id: emailId }), ...factsOf(message, reason) });
  const set = { state: 'FAILED', bouncedAt: app.now(), updatedAt: app.now(), reason };
  const once = { ...threadToldKey(threadId, messageId, 'bounce'), entity: 'thread-told', type: 'Bounce' };
  try {
    await tellMessage(app, message, {
      status: 'BOUNCED',
      once,
      writes: [
        { update: threadMessageKey(threadId, messageId), set, when: present },
        ...(told ? [appendEvent(told)] : []),
      ],
    });
  } catch (error) {
    if (!(error instanceof AlreadyDone)) throw error;
  }
}
