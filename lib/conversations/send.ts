import * as z from 'zod/mini';
import { type MailOutcome, mailSender, sendRawMail } from '../aws/mail.ts';
import type { App } from '../core/app.ts';
import { NotYet } from '../core/consume.ts';
import { composeThreaded } from '../mail/compose.ts';
import { domainOfEmail } from '../objects/email-address.ts';
import { attributes } from '../table/conditions.ts';
import { contend, StaleRead } from '../table/contention.ts';
import { threadMessageKey } from '../table/inbox-keys.ts';
import { PreconditionFailed } from '../table/once.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import type { Message } from './schema.ts';
import { tellMessage } from './settle.ts';
import { findMessage, mailIdWrite } from './store.ts';

export const QueuedMail = z.object({ detail: z.looseObject({ threadId: z.string(), messageId: z.string() }) });

/** Longer than a call of SES may take. */
const leaseMs = 60_000;

/**
 * Gives a mail to SES, once: it is claimed before the call. A sender that died, or got no answer, leaves it UNKNOWN; then SES's events tell
 * what became of it, and it is not sent again by itself. @throws NotYet when SES surely did not take it for now
 */
export async function sendQueued(app: App, { detail }: z.output<typeof QueuedMail>): Promise<void> {
  const claimed = await contend(() => claim(app, detail.threadId, detail.messageId));
  if (!claimed) return;
  const raw = await composeThreaded({
    ...(await letterOf(claimed)),
    tags: { thread: claimed.threadId, reply: claimed.id },
  });
  const outcome = await sendRawMail(
    raw,
    [...claimed.to, ...claimed.cc].map(({ address }) => address),
  );
  await settle(app, claimed, outcome);
  if (outcome.state === 'RETRY') throw new NotYet(outcome.reason);
}

async function claim(app: App, threadId: string, id: string): Promise<Message | undefined> {
  const message = await findMessage(app, threadId, id);
  const now = Date.parse(app.now());
  if (message?.state === 'SENDING') {
    const until = (message.claimedAt ?? 0) + leaseMs;
    if (until > now) throw new NotYet('Another worker is sending it', until);
    await settle(app, message, { state: 'UNKNOWN', reason: 'the sender died while it was sending' });
    return undefined;
  }
  if (message?.state !== 'PENDING') return undefined;
  const set = { state: 'SENDING', claimedAt: now };
  await commitOrThrow(app.table, [
    orStale({ update: threadMessageKey(threadId, id), set, when: attributes({ state: 'PENDING' }) }),
  ]);
  return { ...message, state: 'SENDING', claimedAt: now };
}

/** From the inbox's address where SES may send for its domain; else from the installation's, and answers go to the inbox. */
async function letterOf(message: Message) {
  const { from = { address: mailSender(), name: '' }, to, cc, subject = '', text, html, mailId, references } = message;
  const isOurs = domainOfEmail(from.address) === domainOfEmail(mailSender());
  return {
    from: isOurs ? from : { ...from, address: mailSender() },
    ...(!isOurs && { replyTo: from.address }),
    ...{ to, cc, subject, text, html, messageId: mailId ?? message.id, references },
  };
}

/** Stores the outcome. Who knew better meanwhile (SES told of the mail) is not contradicted. */
async function settle(app: App, message: Message, outcome: MailOutcome): Promise<void> {
  const state = outcome.state === 'RETRY' ? 'PENDING' : outcome.state;
  const set = {
    state,
    updatedAt: app.now(),
    ...(outcome.state === 'SENT' ? { sentAt: app.now() } : { reason: outcome.reason }),
  };
  const key = threadMessageKey(message.threadId, message.id);
  const when = attributes({ state: 'SENDING', claimedAt: message.claimedAt });
  const known = outcome.state === 'SENT' && outcome.messageId ? [mailIdWrite(outcome.messageId, message)] : [];
  const status = state === 'SENT' || state === 'FAILED' ? state : undefined;
  try {
    await tellMessage(app, message, { status, writes: [{ update: key, set, when }, ...known] });
  } catch (error) {
    if (!(error instanceof PreconditionFailed) && !(error instanceof StaleRead)) throw error;
  }
}
