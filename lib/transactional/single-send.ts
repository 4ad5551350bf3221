import { randomUUID } from 'node:crypto';
import { mailSender, sendRawMail } from '../aws/mail.ts';
import type { App } from '../core/app.ts';
import { NotYet } from '../core/consume.ts';
import { CrmError } from '../core/errors.ts';
import type { StoredEmail } from '../emails/schema.ts';
import { composeSingle, type SingleMail } from '../mail/compose-single.ts';
import type { CrmRecord } from '../objects/record.ts';
import { upsertRecord } from '../objects/store.ts';
import { deliveryUuid } from '../outgoing/delivery.ts';
import { Entry } from '../outgoing/entry.ts';
import { type Order, sendOnce } from '../outgoing/entry-store.ts';
import { barriersOf } from '../subscriptions/store.ts';
import { absent, attributes } from '../table/conditions.ts';
import { pause, StaleRead } from '../table/contention.ts';
import { messageKey } from '../table/keys.ts';
import { commitOrThrow, orStale } from '../table/steps.ts';
import { TemplateProblem } from '../templates/render.ts';
import { kindOf, mailFor, readPublished } from './mail-for.ts';
import type { EmailSendStatus, SendResult, SingleSendInput } from './schema.ts';
import { type Addressed, addressed, refusedBy } from './screen.ts';
import { statusOf } from './status.ts';

type Asked = {
  readonly input: SingleSendInput;
  readonly email: StoredEmail;
  /** A mail that people can refuse, or one that their own doing asks for. */
  readonly marketing: boolean;
  readonly statusId: string;
  /** What an earlier request with the same `sendId` came to. */
  readonly earlier: Entry | undefined;
};

/**
 * Sends a published e-mail to one address, writes the given properties to its contact (which is made if there is none), and answers what
 * became of it. With a `sendId` (or an `Idempotency-Key`) no more than one mail goes out, whoever repeats the request; a repetition after a
 * refusal tries again. A mail whose fate is not known is `PROCESSING` until SES tells, and never sent again.
 * @throws CrmError 404 for an e-mail that is not there; 400 for one that is not published, or for properties that the contact cannot have
 */
export async function singleSend(
  app: App,
  input: SingleSendInput,
  { marketing }: { readonly marketing: boolean },
): Promise<EmailSendStatus> {
  const email = await readPublished(app, input.emailId);
  const statusId = statusIdOf(app, input);
  const earlier = await app.table.get(messageKey(statusId), Entry);
  if (earlier && earlier.state !== 'FAILED' && earlier.state !== 'RETRY')
    return { ...statusOf(earlier), sendResult: 'IDEMPOTENT_IGNORE', status: 'COMPLETE' };
  const asked: Asked = { input, email, marketing, statusId, earlier };
  const ready = await prepare(app, asked);
  if (typeof ready === 'string') return refused(app, asked, ready);
  return send(app, asked, ready);
}

/** The same `sendId` names the same mail for all time. */
function statusIdOf({ once }: App, { message }: SingleSendInput): string {
  const given = message.sendId ?? once?.hash;
  return given === undefined ? randomUUID() : deliveryUuid('single-send', given);
}

type Ready = {
  readonly mail: SingleMail;
  readonly contact: CrmRecord;
  /** All addresses that SES delivers to; those of `bcc` stand in no header. */
  readonly to: readonly string[];
};

async function prepare(app: App, { input, email, marketing }: Asked): Promise<Ready | SendResult> {
  const people = addressed(input.message, mailSender());
  if (typeof people === 'string') return people;
  const barrier = (await barriersOf(app, marketing ? kindOf(email) : 'none', [people.to])).get(people.to);
  const refusal = refusedBy(barrier, { marketing });
  if (refusal) return refusal;
  const contact = await contactOf(app, people.to, input.contactProperties);
  if (!contact) return 'BLOCKED_ADDRESS';
  try {
    // The mail goes to the address that was asked for, whatever the properties say.
    const addressee = { ...contact, properties: { ...contact.properties, email: people.to } };
    const made = await mailFor(app, { email, contact: addressee, custom: input.customProperties, marketing });
    if ('missing' in made) return 'MISSING_TEMPLATE_PROPERTIES';
    return { mail: withAddresses(made.mail, people), contact, to: [people.to, ...people.cc, ...people.bcc] };
  } catch (error) {
    if (error instanceof TemplateProblem) return 'TEMPLATE_RENDER_EXCEPTION';
    throw error;
  }
}

const withAddresses = (mail: SingleMail, { cc, replyTo, from }: Addressed): SingleMail => ({
  ...mail,
  cc,
  ...(replyTo.length > 0 && { replyTo }),
  ...(from && { from: { name: from.name || mail.from.name, address: from.address } }),
});

/** The contact of the address with its new values; undefined for an address that was erased on its owner's request. */
async function contactOf(app: App, email: string, properties: Readonly<Record<string, string>>) {
  const { email: _, ...others } = properties;
  try {
    return (await upsertRecord(app, '0-1', 'email', email, others)).record;
  } catch (error) {
    if (error instanceof CrmError && error.options.subCategory === 'EMAIL_BLOCKLISTED') return undefined;
    throw error;
  }
}

const originOf = (app: App, contactId: string): Entry['origin'] => ({
  objectType: '0-1',
  recordId: contactId,
  cause: [...app.cause],
});

const contentOf = ({ input, email }: Asked) => ({ to: [input.message.to], emailId: email.id });

/** SES is asked again this often when it is too busy; then the client is told so, and may repeat the request. */
const mostTries = 3;

async function send(app: App, asked: Asked, { mail, contact, to }: Ready): Promise<EmailSendStatus> {
  const { statusId, earlier } = asked;
  const raw = await composeSingle(mail, statusId);
  const order: Order = {
    key: messageKey(statusId),
    id: statusId,
    content: { ...contentOf(asked), subject: mail.subject },
    origin: originOf(app, contact.id),
    round: (earlier?.round ?? -1) + 1,
    afterCrash: 'GIVE_UP',
    guard: [],
  };
  for (let tries = 1; ; tries += 1) {
    try {
      const entry = await sendOnce(app, order, async () => {
        const outcome = await sendRawMail(raw, to);
        return outcome.state === 'SENT' ? { state: 'SENT', reference: outcome.messageId } : outcome;
      });
      return statusOf(entry);
    } catch (error) {
      if (!(error instanceof NotYet)) throw error;
      if (tries === mostTries) return busy(app, statusId);
    }
    await pause(tries + 3);
  }
}

async function busy(app: App, statusId: string): Promise<EmailSendStatus> {
  const entry = await app.table.get(messageKey(statusId), Entry);
  if (!entry) throw new Error('A mail that was claimed has no row');
  return statusOf(entry);
}

/** Why nothing went out stands under the status id, too. */
async function refused(app: App, asked: Asked, result: SendResult): Promise<EmailSendStatus> {
  const { statusId, earlier } = asked;
  const now = app.now();
  const entry: Entry = {
    ...messageKey(statusId),
    id: statusId,
    state: 'FAILED',
    round: (earlier?.round ?? -1) + 1,
    attempts: earlier?.attempts ?? 0,
    leaseUntil: 0,
    content: contentOf(asked),
    origin: earlier?.origin ?? originOf(app, ''),
    reason: result,
    createdAt: earlier?.createdAt ?? now,
    updatedAt: now,
  };
  const when = earlier ? attributes({ state: earlier.state, round: earlier.round }) : absent;
  try {
    await commitOrThrow(app.table, [orStale({ put: { ...entry, entity: 'outgoing' }, when })]);
  } catch (error) {
    // Somebody who repeats the request was faster: what they came to stands there.
    if (!(error instanceof StaleRead)) throw error;
    return busy(app, statusId);
  }
  return statusOf(entry);
}
