import { MessageQueued } from '../../events/conversation.ts';
import { mailSender } from '../aws/mail.ts';
import { type App, envelopeOf } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { htmlText } from '../inbound/html-text.ts';
import { sanitised } from '../inbound/sanitise.ts';
import { isAddress } from '../mail/address.ts';
import { domainOfEmail } from '../objects/email-address.ts';
import { contend, StaleRead } from '../table/contention.ts';
import { appendEvent } from '../table/event-log.ts';
import { inParallel } from '../table/in-parallel.ts';
import type { RecordRef } from '../table/keys.ts';
import { PreconditionFailed } from '../table/once.ts';
import { requester } from './actors.ts';
import { writeEmailRecord } from './email-record.ts';
import { emails } from './email-type.ts';
import { aliveOf, contactOf } from './matching.ts';
import type { Inbox, Message, Party, Thread } from './schema.ts';
import { mailIdWrite, messageWrite, threadWrites, withMessage } from './store.ts';

export type Draft = {
  readonly inbox: Inbox;
  readonly sender: { readonly actorId: string; readonly name: string } | undefined;
  readonly to: readonly Party[];
  readonly cc: readonly Party[];
  readonly subject: string;
  readonly text?: string | undefined;
  readonly html?: string | undefined;
  readonly answers?: Message | undefined;
  /** Reads the thread anew; undefined: a new one. */
  readonly thread?: () => Promise<Thread>;
  readonly associations: readonly RecordRef[];
  readonly assignedTo?: string | undefined;
};

const mostRecipients = 50;
const contactsAtOnce = 8;

/**
 * Puts a mail on its way: its record with associations, its message in the thread and the event by which it will be sent are one
 * transaction. SES gets it once, a moment later. @throws CrmError 400, 422
 */
export function queueMail(app: App, draft: Draft): Promise<{ thread: Thread; message: Message }> {
  requireRecipients(draft);
  return contend(async () => {
    try {
      return await queueOnce(app, draft);
    } catch (error) {
      throw error instanceof PreconditionFailed ? new StaleRead('The thread was changed meanwhile') : error;
    }
  });
}

function requireRecipients({ to, cc, text, html }: Draft): void {
  const all = [...to, ...cc].map(({ address }) => address);
  const wrong = all.filter((address) => !isAddress(address));
  if (wrong.length > 0)
    throw new CrmError('VALIDATION_ERROR', `Not an e-mail address: ${wrong.join(', ')}`, { context: { to: wrong } });
  if (to.length === 0 || all.length > mostRecipients)
    throw new CrmError('VALIDATION_ERROR', `A mail has 1 to ${mostRecipients} recipients`, { context: { to: all } });
  if (!text?.trim() && !html?.trim())
    throw new CrmError('VALIDATION_ERROR', 'Give text or html', { context: { fields: ['text', 'html'] } });
}

async function queueOnce(app: App, draft: Draft): Promise<{ thread: Thread; message: Message }> {
  const before = await draft.thread?.();
  const message = messageOf(app, draft, before);
  const known = await inParallel(draft.to, contactsAtOnce, ({ address }) => contactOf(app, address));
  const contactIds = known.filter((id) => id !== undefined);
  const base = before ?? newThread(draft, message);
  const contactId =
    base.contactId ?? contactIds[0] ?? draft.associations.find(({ objectType }) => objectType === '0-1')?.id;
  const after = withMessage(base, message, {
    ...(contactId !== undefined && { contactId }),
    associations: distinct([
      ...base.associations,
      ...draft.associations.filter(({ objectType }) => objectType !== '0-1'),
    ]),
    archivedAt: undefined,
  });
  const contacts = contactIds.map((id) => ({ objectType: '0-1', id }));
  const wanted = distinct([...contacts, ...draft.associations, ...(await aliveOf(app, base.associations))]);
  const { id: messageId, threadId, emailId } = message;
  await writeEmailRecord(app, message, {
    associations: wanted,
    status: 'SENDING',
    also: (record) => [
      ...threadWrites(before, after),
      messageWrite(message),
      mailIdWrite(message.mailId, message),
      appendEvent(
        MessageQueued.of({
          ...envelopeOf(app, { objectType: emails, id: record.id }),
          ...{ threadId, messageId, emailId, inboxId: after.inboxId },
        }),
      ),
    ],
  });
  return { thread: after, message };
}

const distinct = (refs: readonly RecordRef[]): RecordRef[] => [
  ...new Map(refs.map(({ objectType, id }) => [`${objectType}#${id}`, { objectType, id }])).values(),
];

const mostReferences = 20;

function messageOf(app: App, draft: Draft, thread: Thread | undefined) {
  const { inbox, sender, answers, subject, to, cc } = draft;
  const id = app.newEventId();
  const html = draft.html?.trim() ? sanitised(draft.html) : undefined;
  const answered = answers?.mailId === undefined ? [] : [...answers.references, answers.mailId];
  return {
    id,
    emailId: app.newId(),
    threadId: thread?.id ?? app.newId(),
    type: 'MESSAGE' as const,
    direction: 'OUTGOING' as const,
    createdAt: app.now(),
    createdBy: requester(app),
    from: { address: inbox.address, name: sender?.name ?? inbox.name },
    ...(sender && { fromActor: sender.actorId }),
    to: [...to],
    cc: [...cc],
    subject,
    text: draft.text?.trim() ? draft.text : htmlText(draft.html ?? ''),
    ...(html !== undefined && { html }),
    truncation: 'NOT_TRUNCATED' as const,
    files: [],
    filesLeftOut: 0,
    state: 'PENDING' as const,
    mailId: `${id.toLowerCase()}@${domainOfEmail(mailSender())}`,
    references: answered.slice(-mostReferences),
    ...(answers && { inReplyToId: answers.id }),
  };
}

const newThread = ({ inbox, subject, assignedTo }: Draft, { threadId, createdAt }: Message): Thread => ({
  id: threadId,
  inboxId: inbox.id,
  status: 'OPEN',
  subject,
  createdAt,
  updatedAt: createdAt,
  latestMessageAt: createdAt,
  ...(assignedTo !== undefined && { assignedTo }),
  spam: false,
  associations: [],
  version: 0,
});
