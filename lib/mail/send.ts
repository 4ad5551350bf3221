import { mailSender, sendRawMail } from '../aws/mail.ts';
import type { Step } from '../flows/action.ts';
import type { Output } from '../flows/facts.ts';
import { originOf, outputOf } from '../outgoing/delivery.ts';
import { Entry } from '../outgoing/entry.ts';
import { type Order, sendOnce } from '../outgoing/entry-store.ts';
import { messageKey, type RecordRef } from '../table/keys.ts';
import { otherMailListing } from '../table/send-keys.ts';
import { compose } from './compose.ts';

export type FlowMail = {
  readonly to: readonly string[];
  readonly subject: string;
  readonly body: string;
  /** The contact whose mail it is, for the limits on how much somebody gets; none for mail to colleagues. */
  readonly contactId?: string;
};

/**
 * Sends the mail of a step, once. `record` is whose log tells what becomes of it. A mail whose fate is not known (a time-out, a sender
 * that died) is never sent again by itself: SES's events settle it.
 */
export async function sendFlowMail({ contactId, ...mail }: FlowMail, record: RecordRef, step: Step): Promise<Output> {
  const raw = await compose({ from: mailSender(), ...mail }, step.key);
  return sendStepMail({ ...mail, raw, id: step.key, ...(contactId !== undefined && { contactId }) }, record, step);
}

export type StepMail = Omit<FlowMail, 'body'> & {
  readonly raw: Uint8Array;
  /** Names the mail for all time; a step that writes to several people has one for each. */
  readonly id: string;
};

/** As `sendFlowMail`, of a message that is composed already. */
export async function sendStepMail(mail: StepMail, record: RecordRef, step: Step): Promise<Output> {
  const { contactId, id, raw } = mail;
  const order: Order = {
    key: messageKey(id),
    ...(contactId !== undefined && { listing: otherMailListing(contactId) }),
    id,
    content: { to: mail.to, subject: mail.subject },
    origin: { ...originOf(step), objectType: record.objectType, recordId: record.id },
    round: step.round,
    afterCrash: 'GIVE_UP',
    guard: step.guard,
  };
  const entry = await sendOnce(step.app, order, async () => {
    const outcome = await sendRawMail(raw, mail.to);
    return outcome.state === 'SENT' ? { state: 'SENT', reference: outcome.messageId } : outcome;
  });
  const { deliveryId, ...output } = outputOf(entry, 'The mail failed');
  return { messageKey: deliveryId, to: mail.to, ...output };
}

/** Whether the mail of this step was given to SES, or nearly so, by an earlier try. */
export const wasBegun = async ({ app, key }: Step, id = key): Promise<boolean> =>
  (await app.table.get(messageKey(id), Entry)) !== undefined;
