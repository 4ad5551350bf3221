import type { App } from '../core/app.ts';
import { CrmError } from '../core/errors.ts';
import { sanitised } from '../inbound/sanitise.ts';
import { normaliseEmail } from '../objects/email-address.ts';
import { findActor, requireAgent } from './actors.ts';
import { addComment } from './edit.ts';
import { readInbox } from './inboxes.ts';
import { listMessages } from './list.ts';
import { type Draft, queueMail } from './outgoing.ts';
import { type ComposeInput, emailChannel, type Message, type Party, type SendInput, type Thread } from './schema.ts';
import { readThread } from './store.ts';

const partyOf = (address: string): Party => ({ address: normaliseEmail(address), name: '' });

/** Sends a mail of its own, which begins a thread. @throws CrmError 400, 422 */
export async function composeMail(app: App, input: ComposeInput): Promise<{ thread: Thread; message: Message }> {
  const inbox = await readInbox(app, input.inboxId, { named: true });
  const assignee = input.assignedTo === undefined ? undefined : await requireAgent(app, input.assignedTo, 'assignedTo');
  return queueMail(app, {
    inbox,
    sender: assignee && { actorId: assignee.id, name: assignee.name },
    to: input.to.map(partyOf),
    cc: input.cc.map(partyOf),
    subject: input.subject,
    text: input.text,
    html: input.html,
    associations: input.associations,
    assignedTo: assignee?.id,
  });
}

/** Writes into a thread what the body says: an answer that is sent, or a comment. @throws CrmError 400, 404 */
export const writeIn = (app: App, threadId: string, input: SendInput): Promise<Message> =>
  input.type === 'MESSAGE' ? replyIn(app, threadId, input) : commentIn(app, threadId, input);

async function commentIn(app: App, threadId: string, { text, richText, senderActorId }: SendInput): Promise<Message> {
  const agent = senderActorId === undefined ? undefined : await requireAgent(app, senderActorId, 'senderActorId');
  const html = richText === undefined ? undefined : sanitised(richText);
  return addComment(app, threadId, { text, html, actorId: agent?.id });
}

/** Answers in a thread. Without recipients the answer goes to who wrote last, or to whom the last mail went. @throws CrmError 400, 404 */
async function replyIn(app: App, threadId: string, input: SendInput): Promise<Message> {
  const thread = await readThread(app, threadId);
  requireChannel(input, thread);
  const { items } = await listMessages(app, threadId, { limit: 50, sort: '-createdAt' });
  const mails = items.filter(({ type, automatic }) => type === 'MESSAGE' && automatic === undefined);
  const answers = mails.find(({ direction }) => direction === 'INCOMING') ?? mails[0];
  const agent =
    input.senderActorId === undefined ? undefined : await requireAgent(app, input.senderActorId, 'senderActorId');
  const { to, cc } = await recipientsOf(app, input, answers);
  const draft: Draft = {
    inbox: await readInbox(app, thread.inboxId),
    sender: agent && { actorId: agent.id, name: agent.name },
    to,
    cc,
    subject: input.subject?.trim() || `Re: ${thread.subject.replace(/^(?:re\s*[:：]\s*)+/i, '')}`,
    text: input.text,
    html: input.richText,
    answers,
    thread: () => readThread(app, threadId),
    associations: [],
  };
  return (await queueMail(app, draft)).message;
}

function requireChannel({ channelId, channelAccountId }: SendInput, { inboxId }: Thread): void {
  if (channelId !== undefined && channelId !== emailChannel)
    throw new CrmError('VALIDATION_ERROR', `channelId: there is no channel ${channelId}`, {
      context: { channelId: [channelId] },
    });
  if (channelAccountId !== undefined && channelAccountId !== inboxId)
    throw new CrmError('VALIDATION_ERROR', `channelAccountId: the thread is in inbox ${inboxId}`, {
      context: { channelAccountId: [channelAccountId] },
    });
}

async function recipientsOf(app: App, { recipients }: SendInput, answers: Message | undefined) {
  if (recipients.length === 0) return { to: usualRecipients(answers), cc: [] };
  const to: Party[] = [];
  const cc: Party[] = [];
  for (const { actorId, name = '', recipientField, deliveryIdentifier, deliveryIdentifiers = [] } of recipients) {
    const given = [...(deliveryIdentifier ? [deliveryIdentifier] : []), ...deliveryIdentifiers].map(
      ({ value }) => value,
    );
    const actor = given.length === 0 && actorId !== undefined ? await findActor(app, actorId) : undefined;
    const addresses = given.length > 0 ? given : [actor?.email ?? ''];
    (recipientField === 'CC' ? cc : to).push(...addresses.map((address) => ({ ...partyOf(address), name })));
  }
  return { to, cc };
}

function usualRecipients(answers: Message | undefined): readonly Party[] {
  if (!answers) return [];
  if (answers.direction === 'OUTGOING') return answers.to;
  const sender = answers.replyTo ?? answers.from;
  return sender ? [sender] : [];
}
